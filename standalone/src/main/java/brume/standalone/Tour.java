package brume.standalone;

import brume.cli.Brume;
import brume.cli.process.Surroundings;
import brume.client.ApiClient;
import brume.client.ApiException;
import brume.client.api.BillingApi;
import brume.client.api.InstancesApi;
import brume.client.model.InvoiceLine;
import brume.client.model.Transition;
import brume.standalone.Standalone.CloudArguments;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Shows the whole of the cloud once, by the commands a user would type, and checks what it shows:
/// the seconds on the invoice against the transitions they come from.
@Command(
    name = "tour",
    mixinStandardHelpOptions = true,
    description = "Start a cloud, launch a guest, show its console, stop it, print the invoice.")
final class Tour implements Callable<Integer> {
  /// busybox's shell asks the terminal where its cursor is; here nobody would answer.
  private static final String ASK_CURSOR = "\u001b[6n";

  /// Anywhere in a line: the shell's prompt may stand before it.
  private static final Pattern UNAME = Pattern.compile("Linux \\S+ \\S+ .*GNU/Linux");

  private static final String LAST_WORDS = "tour: the guest is done";
  private static final String USER_DATA =
      """
      #!/bin/sh
      echo "tour: this is $(hostname), up for $(cut -d' ' -f1 /proc/uptime) s"
      uname -a
      grep -E 'isa|mmu' /proc/cpuinfo
      head -n 2 /proc/meminfo
      echo "%s"
      """
          .formatted(LAST_WORDS);
  private static final Duration GUEST_DONE_WITHIN = Duration.ofMinutes(2);
  private static final Duration METERED_WITHIN = Duration.ofSeconds(20);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  @Mixin CloudArguments arguments = new CloudArguments();

  @Override
  public Integer call() {
    arguments.openLog();
    PrintStream out = System.out;
    Progress progress = new Progress(out);
    GuestImage.prepare(progress, true);
    CloudOptions options =
        new CloudOptions(arguments.data, 0, arguments.nodes, arguments.database, Map.of());
    Cloud cloud = Cloud.on(options);
    Runtime.getRuntime().addShutdownHook(new Thread(cloud::close));
    progress.step("Starting a cloud on " + arguments.data, cloud::start);
    try {
      return new Walk(cloud, out).walk();
    } finally {
      progress.step(
          "Stopping the cloud",
          () -> {
            cloud.close();
            return cloud;
          });
    }
  }

  /// One walk through a running cloud.
  private static final class Walk {
    private final Cloud cloud;
    private final PrintStream out;
    private final ApiClient client = new ApiClient();

    Walk(Cloud cloud, PrintStream out) {
      this.cloud = cloud;
      this.out = out;
      client.updateBaseUri(cloud.url());
      client.setRequestInterceptor(
          request -> request.header("Authorization", "Bearer " + cloud.token()));
    }

    int walk() {
      out.println();
      long asked = System.nanoTime();
      type("run", "--name", "tour", "--type", "e1.micro", "--user-data", USER_DATA, "--wait");
      String id = call(() -> newest());
      try {
        return look(id, asked);
      } catch (RuntimeException e) {
        endQuietly(id);
        throw e;
      }
    }

    /// A tour that breaks off leaves nothing behind that costs money.
    private void endQuietly(String id) {
      try {
        instances().terminateInstance(id, null);
      } catch (ApiException e) {
        out.println("The instance " + id + " is left: 'brume terminate " + id + "' ends it.");
      }
    }

    private int look(String id, long asked) {
      out.println("$ ./brume console tour --follow");
      String uname = follow(id);
      out.printf(
          "%n(from the request to the end of the guest's own script: %.1f s)%n%n",
          (System.nanoTime() - asked) / 1e9);
      type("show", id);
      type("stop", id, "--wait");
      type("terminate", id, "--wait");
      long seconds =
          runningSeconds(call(() -> instances().listTransitions(id, 1000, null)).getItems());
      List<InvoiceLine> lines = metered(id);
      long billed = lines.stream().mapToLong(InvoiceLine::getSeconds).sum();
      type("invoice");
      out.println("The guest said: " + uname);
      out.printf(
          "The invoice bills %d s for %s; its transitions show it running for %d s.%n",
          billed, id, seconds);
      if (billed != seconds || lines.isEmpty()) {
        throw new StartFailure("these must be the same: see the log in " + cloud.data());
      }
      return 0;
    }

    private InstancesApi instances() {
      return new InstancesApi(client);
    }

    private String newest() throws ApiException {
      return instances()
          .listInstances(null, null, null, null, "tour", null, null, 1000, null, null, null)
          .getItems()
          .stream()
          .max(java.util.Comparator.comparing(instance -> instance.getId()))
          .orElseThrow(() -> new StartFailure("the instance is not in the list"))
          .getId();
    }

    /// Runs a command of the command line, shown as a user would type it.
    private void type(String... command) {
      out.println(
          "$ ./brume "
              + String.join(" ", java.util.Arrays.stream(command).map(Walk::quoted).toList()));
      PrintWriter writer = new PrintWriter(out, true, StandardCharsets.UTF_8);
      Map<String, String> environment =
          Map.of(
              "BRUME_URL", cloud.url(),
              "BRUME_TOKEN", cloud.token(),
              "BRUME_OUTPUT", "table");
      Surroundings surroundings =
          new Surroundings(
              InputStream.nullInputStream(),
              writer,
              out,
              writer,
              environment,
              Clock.systemUTC(),
              new SecureRandom(),
              Surroundings.Terminals.NONE,
              Thread::sleep);
      int exit = Brume.execute(surroundings, command);
      writer.flush();
      out.println();
      if (exit != 0) {
        throw new StartFailure(
            "the tour ends here, as that command did not succeed; the log is in " + cloud.data());
      }
    }

    private static String quoted(String word) {
      return word.contains(" ") || word.contains("\n") ? "'" + word.strip() + "'" : word;
    }

    /// Prints the console as it grows until the guest's script is done; answers its `uname -a`.
    private String follow(String id) {
      long deadline = System.nanoTime() + GUEST_DONE_WITHIN.toNanos();
      StringBuilder seen = new StringBuilder();
      while (seen.indexOf(LAST_WORDS) < 0) {
        if (System.nanoTime() > deadline) {
          throw new StartFailure("the guest did not finish its script in " + GUEST_DONE_WITHIN);
        }
        @Nullable String text = call(() -> instances().getConsole(id, null));
        text = text == null ? null : text.replace(ASK_CURSOR, "");
        if (text != null && text.length() > seen.length()) {
          out.print(text.substring(seen.length()));
          out.flush();
          seen.append(text, seen.length(), text.length());
        } else {
          LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
      }
      Matcher uname = UNAME.matcher(seen);
      if (!uname.find()) {
        throw new StartFailure("the guest did not say its 'uname -a'");
      }
      return uname.group();
    }

    /// From each RUNNING to what came after it, in whole seconds cut at both ends, as published.
    private static long runningSeconds(List<Transition> transitions) {
      long seconds = 0;
      @Nullable Transition running = null;
      for (Transition transition : transitions) {
        if (transition.getState() == Transition.StateEnum.RUNNING) {
          running = transition;
        } else if (running != null) {
          seconds +=
              ChronoUnit.SECONDS.between(
                  running.getAt().truncatedTo(ChronoUnit.SECONDS),
                  transition.getAt().truncatedTo(ChronoUnit.SECONDS));
          running = null;
        }
      }
      return seconds;
    }

    /// The instance's lines, once the meter has seen its end.
    private List<InvoiceLine> metered(String id) {
      long deadline = System.nanoTime() + METERED_WITHIN.toNanos();
      while (true) {
        List<InvoiceLine> lines =
            call(() -> new BillingApi(client).getCurrentInvoice()).getLines().stream()
                .filter(line -> line.getResourceId().equals(id))
                .toList();
        boolean ended = !lines.isEmpty() && lines.stream().allMatch(line -> line.getEnd() != null);
        if (ended || System.nanoTime() > deadline) {
          return lines;
        }
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      }
    }

    private static <T> T call(ApiCall<T> call) {
      try {
        return call.make();
      } catch (ApiException e) {
        throw new StartFailure("the API did not answer as it should: " + e.getMessage());
      }
    }

    private interface ApiCall<T> {
      T make() throws ApiException;
    }
  }
}
