package brume.cli;

import static org.assertj.core.api.Assertions.assertThat;

import brume.cli.process.Surroundings.Terminals;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a person sees: lists, waiting, questions, refusals.
class BrumeTest extends CommandTest {
  private static final Path REPOSITORY = Path.of(System.getProperty("brume.repository"));

  @Test
  void helpNamesEveryVerbThatTheScriptKnows() throws IOException {
    String script = Files.readString(REPOSITORY.resolve("brume"));
    List<String> verbs =
        Pattern.compile("^  ([a-z |]+)\\)$", Pattern.MULTILINE)
            .matcher(script)
            .results()
            .flatMap(labels -> Stream.of(labels.group(1).split(" \\| ")))
            .toList();
    assertThat(verbs).contains("up", "tour");
    assertThat(brume("help")).isZero();
    assertThat(verbs).allSatisfy(verb -> assertThat(out()).contains("\n  " + verb + " "));
    assertThat(brume("up")).isEqualTo(2);
    assertThat(err()).contains("done by the script");
  }

  @Test
  void helpReadsAsItDidBefore() throws IOException {
    for (String verb : List.of("", "run", "console", "tokens create", "config set")) {
      assertThat(brume(("help " + verb).strip().split(" "))).isZero();
      Path golden =
          REPOSITORY.resolve(
              "cli/src/test/resources/help/"
                  + (verb.isEmpty() ? "all" : verb.replace(' ', '-'))
                  + ".txt");
      Golden.compare(golden, out());
      assertThat(out().lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(100));
    }
    assertThat(brume("run", "--help")).isZero();
    String byOption = out();
    brume("help", "run");
    assertThat(byOption).isEqualTo(out());
    assertThat(brume()).isZero();
  }

  @Test
  void listsInstancesAsATable() {
    cloud.onItems(
        "listInstances",
        running(),
        instance("pending", "name", "", "stateReason", reason("no_capacity", "no node has room")));
    assertThat(brume("ps")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            INSTANCE             NAME  TYPE      STATE    ZONE  SINCE  REASON
            i-0191a2b3c4d5e6f70  web   e1.micro  running  a     60 s   -
            i-0191a2b3c4d5e6f70  -     e1.micro  pending  a     90 s   no node has room
            """);
  }

  @Test
  void listsAllPages() {
    cloud.on("listInstances", Map.of("items", List.of(running()), "nextCursor", "next"));
    cloud.onItems("listInstances", instance("stopped"));
    assertThat(brume("ps", "--query", "[].state")).isZero();
    assertThat(out()).isEqualTo("running\nstopped\n");
    assertThat(cloud.asked().getLast().line()).endsWith("&limit=1000&cursor=next");
  }

  @Test
  void runsAndWaitsUntilItRuns() {
    cloud.on(
        "runInstances",
        Map.of("reservationId", "r-00000000000000001", "instances", List.of(instance("pending"))));
    cloud.on("getInstance", instance("pending"));
    cloud.on("getInstance", running());
    assertThat(brume("run", "--user-data", "#!/bin/sh\nid", "--wait")).isZero();
    assertThat(out()).contains("running");
    String userData =
        Base64.getEncoder().encodeToString("#!/bin/sh\nid".getBytes(StandardCharsets.UTF_8));
    assertThat(cloud.asked().getFirst().body()).contains(userData);
    assertThat(cloud.asked().getLast().line()).endsWith(ID + "?wait=running&timeout=20s");
    assertThat(err()).isEmpty();
  }

  @Test
  void userDataComesFromAFileOrFromWhatIsPipedIn() throws IOException {
    Path file = Files.writeString(folder.resolve("start.sh"), "hi");
    assertThat(brume("run", "--user-data", "@" + file)).isZero();
    typed("hi");
    assertThat(brume("run", "--user-data", "@-")).isZero();
    assertThat(cloud.asked())
        .allSatisfy(asked -> assertThat(asked.body()).contains("\"userData\":\"aGk=\""));
    Files.write(file, new byte[16_385]);
    assertThat(brume("run", "--user-data", "@" + file)).isEqualTo(2);
    assertThat(err()).contains("at most 16384 bytes");
  }

  @Test
  void aWaitOnATerminalDrawsOneLineAndClearsIt() {
    terminals = Terminals.of("012");
    environment.put("COLUMNS", "60");
    environment.put("NO_COLOR", "1");
    cloud.on(
        "startInstance", instance("pending", "stateReason", reason("placing", "x".repeat(99))));
    cloud.on("getInstance", running());
    assertThat(brume("start", ID, "--wait")).isZero();
    assertThat(err()).startsWith("\r\u001b[K" + ID + " pending → running").endsWith("\r\u001b[K");
    assertThat(err().split("\r\u001b\\[K")[1]).hasSize(59);
    assertThat(cloud.asked().getLast().line()).endsWith("&timeout=1s");
  }

  @Test
  void aWaitThatCanNotEndWellSaysWhy() {
    cloud.on("startInstance", instance("pending"));
    cloud.on(
        "getInstance",
        instance("stopped", "stateReason", reason("guest_failure", "the kernel is not one")));
    assertThat(brume("start", ID, "--wait")).isEqualTo(1);
    assertThat(err()).isEqualTo("brume: " + ID + " is stopped: the kernel is not one\n");
  }

  @Test
  void findsAnInstanceByNameUnlessSeveralHaveIt() {
    cloud.onItems("listInstances", running());
    assertThat(brume("stop", "web")).isZero();
    assertThat(cloud.asked().getLast().line()).isEqualTo("POST /v1/instances/" + ID + "/stop");
    cloud.onItems("listInstances", running(), running());
    brume("stop", "two");
    assertThat(brume("stop", "two")).isEqualTo(1);
    assertThat(err()).contains("2 instances are called 'two'").contains(ID);
    cloud.onItems("listInstances");
    brume("stop", "none");
    assertThat(brume("stop", "none")).isEqualTo(1);
    assertThat(err()).contains("no instance is called 'none'");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          'y\n',   012, '',    0
          'YES\n', 012, '',    0
          'n\n',   012, '',    1
          '\n',    012, '',    1
          '',      012, '',    1
          '',      012, --yes, 0
          '',      1,   '',    0
          """)
  void terminateAsksAPersonOnly(String typed, String terminals, String option, int exit) {
    this.terminals = Terminals.of(terminals);
    typed(typed);
    String[] line = ("terminate " + ID + " " + option).strip().split(" ");
    assertThat(brume(line)).isEqualTo(exit);
    assertThat(cloud.asked()).hasSize(exit == 0 ? 1 : 0);
    boolean asks = terminals.equals("012") && option.isEmpty();
    assertThat(err()).contains(asks ? "for good? [y/N]" : "");
    assertThat(err()).contains(exit == 0 ? "" : "left as it was");
  }

  @Test
  void printsTheConsoleToItsEnd() {
    cloud.onText("getConsole", "text/plain", Map.of("x-console-next", "6"), "boot \n\u001b[6");
    cloud.onText("getConsole", "text/plain", Map.of("x-console-next", "10"), "nmore");
    cloud.onText("getConsole", "text/plain", Map.of("x-console-next", "10"), "");
    cloud.on("getInstance", running());
    cloud.on("getInstance", instance("stopped"));
    assertThat(brume("console", ID, "--follow")).isZero();
    assertThat(out()).isEqualTo("boot \nmore");
    assertThat(cloud.asked().get(1).line()).endsWith("/console?from=6");
    assertThat(pauses).containsExactly(Duration.ofMillis(300));
  }

  @Test
  void aConsoleThatBeganAnewIsPrintedFromItsBeginning() {
    Map<String, String> first = Map.of("x-console-next", "3", "x-console-epoch", "1");
    Map<String, String> second = Map.of("x-console-next", "2", "x-console-epoch", "2");
    cloud.onText("getConsole", "text/plain", first, "old");
    cloud.onText("getConsole", "text/plain", second, "");
    cloud.onText("getConsole", "text/plain", second, "ne");
    cloud.onText("getConsole", "text/plain", second, "");
    cloud.on("getInstance", instance("terminated"));
    assertThat(brume("console", ID, "-f")).isZero();
    assertThat(out()).isEqualTo("oldne");
  }

  @Test
  void eventsAreFollowedOverTheEndOfAStream() {
    cloud.onText(
        "streamEvents", "text/event-stream", Map.of(), ": hello\n\n" + event(1) + event(2));
    cloud.onText("streamEvents", "text/event-stream", Map.of(), event(3) + event(4));
    assertThat(brume("events", "--count", "3", "-o", "json", "--query", "seq")).isZero();
    assertThat(out()).isEqualTo("1\n2\n3\n");
    assertThat(cloud.asked().getLast().headers()).containsEntry("Last-Event-ID", "2");
    assertThat(brume("events", "--count", "1", "--after", "2")).isZero();
    assertThat(out()).isEqualTo("2026-10-01T08:00:00Z  i-00000000000000000  RUNNING\n");
  }

  private static String event(int seq) {
    return "id:"
        + seq
        + "\nevent:transition\ndata:"
        + brume.cli.cloud.Json.line(ContractCloud.made("Event", "seq", seq, "state", "RUNNING"))
        + "\n\n";
  }

  @Test
  void aStreamThatGivesNothingIsGivenUp() {
    cloud.onText("streamEvents", "text/event-stream", Map.of(), ": nothing\n\n");
    assertThat(brume("events")).isEqualTo(3);
    assertThat(cloud.asked()).hasSize(5);
  }

  @Test
  void showsTheInvoiceAsBillingWritesIt() {
    cloud.onText("getCurrentInvoice", "text/plain", Map.of(), "Invoice\nTotal 0.01 USD\n");
    assertThat(brume("invoice")).isZero();
    assertThat(out()).isEqualTo("Invoice\nTotal 0.01 USD\n");
    cloud.close();
    assertThat(brume("invoice")).isEqualTo(3);
  }

  @Test
  void aSecretIsShownByTheCommandThatMadeIt() {
    terminals = Terminals.of("12");
    cloud.on(
        "createAccessKey",
        ContractCloud.made("NewAccessKey", "secret", "s".repeat(40), "label", "ci"));
    assertThat(brume("keys", "create", "ci")).isZero();
    assertThat(out()).contains("secret key  " + "s".repeat(40));
    assertThat(err()).contains("not shown again");
  }

  @Test
  void endedCredentialsAreShownOnlyWithAll() {
    cloud.onItems(
        "listTokens",
        ContractCloud.made("Token", "label", "good", "createdAt", "2026-11-22T11:00:00Z"),
        ContractCloud.made("Token", "label", "soon", "expiresAt", "2026-11-24T12:00:00Z"),
        ContractCloud.made("Token", "label", "late", "expiresAt", "2026-11-01T00:00:00Z"),
        ContractCloud.made("Token", "label", "gone", "revokedAt", "2026-11-01T00:00:00Z"));
    assertThat(brume("tokens", "--query", "[].label")).isZero();
    assertThat(out()).isEqualTo("good\nsoon\nlate\n");
    assertThat(brume("tokens", "--all")).isZero();
    assertThat(out()).contains("valid", "for 2 d", "expired", "revoked");
  }

  @Test
  void aRefusalIsOneLineWithItsFieldCodeAndRequest() {
    cloud.refuse("runInstances", 400, "unknown_image", "no image is called 'x'", "image");
    assertThat(brume("run", "--image", "x")).isEqualTo(1);
    assertThat(err())
        .isEqualTo("brume: image: no image is called 'x' (unknown_image, request req-1)\n");
  }

  @Test
  void whatIsPutOffIsSentAgainWithItsKey() {
    cloud.lay(
        "runInstances",
        429,
        "application/problem+json",
        Map.of("Retry-After", "2"),
        "{\"code\":\"rate_limited\",\"detail\":\"too fast\"}");
    cloud.on("runInstances", Contract.answer(Contract.named("runInstances")).orElseThrow());
    assertThat(brume("run")).isZero();
    assertThat(pauses).containsExactly(Duration.ofSeconds(2));
    assertThat(cloud.asked()).hasSize(2);
    assertThat(cloud.asked().get(0).headers().get("Idempotency-Key"))
        .isEqualTo(cloud.asked().get(1).headers().get("Idempotency-Key"));
  }

  @Test
  void whatIsPutOffForLongIsNotWaitedFor() {
    cloud.lay(
        "listInstances",
        429,
        "application/problem+json",
        Map.of("Retry-After", "3600"),
        "{\"code\":\"rate_limited\",\"detail\":\"too fast\"}");
    assertThat(brume("ps")).isEqualTo(1);
    assertThat(err()).isEqualTo("brume: too fast; try again in 3600 s (rate_limited)\n");
    assertThat(pauses).isEmpty();
  }

  @Test
  void anAddressThatIsNotBrumeIsNamed() {
    cloud.lay("listInstanceTypes", 502, "text/html", Map.of(), "<html>");
    assertThat(brume("types")).isEqualTo(3);
    assertThat(err()).contains("answered with HTTP 502 and not as Brume does");
    cloud.lay("getAccount", 200, "text/html", Map.of(), "<html>");
    assertThat(brume("account")).isEqualTo(3);
    assertThat(err()).contains("what is no JSON");
  }

  @Test
  void aCloudThatIsAwayIsSaid() throws IOException {
    try (ServerSocket nobody = new ServerSocket(0)) {
      environment.put("BRUME_URL", "http://127.0.0.1:" + nobody.getLocalPort());
    }
    assertThat(brume("types")).isEqualTo(3);
    assertThat(err()).contains("does not answer: is the cloud up");
  }

  @Test
  void whatOthersNamedDoesNotReachTheTerminal() {
    cloud.onItems("listInstances", instance("running", "name", "a\u001b[2Jb\nc\u202e"));
    cloud.onItems("listInstances");
    assertThat(brume("ps")).isZero();
    assertThat(out()).contains("a\ufffd[2Jb c\ufffd").doesNotContain("\u001b");
    assertThat(brume("stop", "x\u001b[2J", "y")).isEqualTo(1);
    assertThat(err()).doesNotContain("\u001b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --url ftp://x types            | --url must look like http://HOST:PORT, not 'ftp://x'
          ps --state asleep              | --state must be one of pending, running
          ps -o xml                      | --output must be one of table, json, yaml, csv, not 'xml'
          ps --query [                   | --query is no JMESPath that fits
          run --user-data @/no/such/file | --user-data: the file /no/such/file can not be read
          run --count many               | --count must be a whole number from 1 to 100, not 'many'
          run --count 101                | --count must be a whole number from 1 to 100, not '101'
          run --tag novalue              | --tag must look like KEY=VALUE, not 'novalue'
          run --tag a=1 --tag a=2        | --tag names 'a' twice
          stop x --wait --timeout 0      | --timeout must be a whole number from 1 to 86400
          edit x                         | nothing to change: give --name, --type or --protect
          tag x                          | nothing to change: give KEY=VALUE, or --remove KEY
          policies create x              | say what it is about: --allow ACTIONS or --deny ACTIONS
          users add ada                  | give --role, one of owner, operator, reader, billing
          console x -i -f                | --interactive does not go with --follow
          accounts create x --quota a=b  | --quota a must be a whole number, not 'b'
          completion fish                | SHELL must be one of bash, zsh, not 'fish'
          help nothing                   | 'nothing' is no verb of brume
          launch                         | did you mean 'run'? 'brume help' lists them
          lanch                          | did you mean 'run'?
          list                           | did you mean 'ps'?
          delete web                     | did you mean 'terminate'?
          describe web                   | did you mean 'show'?
          logs web                       | did you mean 'console'?
          version                        | did you mean '--version'?
          """)
  void wrongUsageNamesWhatIsWrong(String line, String message) {
    assertThat(brume(line.split(" "))).isEqualTo(2);
    assertThat(err()).startsWith("brume: ").contains(message);
  }

  @ParameterizedTest
  @CsvSource({"run -o xml", "run --query [", "stop x -o xml", "terminate x --yes --query ["})
  void whatCanNotBePrintedIsNotDone(String line) {
    assertThat(brume(line.split(" "))).isEqualTo(2);
    assertThat(cloud.asked()).isEmpty();
  }

  @Test
  void aFormatOfTheEnvironmentIsCheckedBeforeTheCloudIsAsked() {
    environment.put("BRUME_OUTPUT", "xml");
    assertThat(brume("run")).isEqualTo(2);
    assertThat(cloud.asked()).isEmpty();
    assertThat(brume("help")).as("what asks no cloud").isZero();
  }

  @Test
  void itsVersionIsPrinted() {
    assertThat(brume("--version")).isZero();
    assertThat(out()).matches("brume \\d+\\.\\d+\\.\\d+\n");
  }
}
