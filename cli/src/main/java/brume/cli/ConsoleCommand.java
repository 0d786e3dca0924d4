package brume.cli;

import brume.client.ApiResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "console",
    description = "What the guest has printed on its serial console.",
    mixinStandardHelpOptions = true)
final class ConsoleCommand implements Callable<Integer> {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(300);

  /// A guest's shell asks where the cursor is; the user's terminal would type the answer into the
  /// user's own shell.
  private static final String ASK_CURSOR = "\u001b[6n";

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  Brume brume;

  @Parameters(paramLabel = "INSTANCE", description = "Id or name.")
  String instance = "";

  @Option(
      names = {"-f", "--follow"},
      description = "Go on printing what comes, until Ctrl-C or the instance ends.")
  boolean follow;

  @Override
  public Integer call() {
    String id = Instances.id(brume, instance);
    var api = brume.connection().instances();
    long from = 0;
    String epoch = "";
    while (true) {
      long at = from;
      ApiResponse<String> part =
          brume.connection().call(() -> api.getConsoleWithHttpInfo(id, at == 0 ? null : at));
      String started = header(part, "x-console-epoch").orElse(epoch);
      if (at > 0 && !started.equals(epoch)) {
        from = 0; // started anew: its console begins anew
        epoch = started;
        continue;
      }
      epoch = started;
      brume.out().print(part.getData() == null ? "" : part.getData().replace(ASK_CURSOR, ""));
      brume.out().flush();
      from = header(part, "x-console-next").map(Long::parseLong).orElse(at);
      if (!follow) {
        return 0;
      }
      if (from == at && ended(id)) {
        return 0;
      }
      if (from == at) {
        LockSupport.parkNanos(LOOK_AGAIN.toNanos());
      }
    }
  }

  private static Optional<String> header(ApiResponse<String> part, String name) {
    return part.getHeaders().getOrDefault(name, List.of()).stream().findFirst();
  }

  private boolean ended(String id) {
    var api = brume.connection().instances();
    return switch (brume.connection().call(() -> api.getInstance(id, null, null)).getState()) {
      case STOPPED, TERMINATED -> true;
      case PENDING, RUNNING, STOPPING, SHUTTING_DOWN -> false;
    };
  }
}
