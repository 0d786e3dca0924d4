package brume.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrumeTest {
  private static final String ID = "i-0191a2b3c4d5e6f70";
  private static final Clock NOW =
      Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private FakeApi api;

  @BeforeEach
  void open() throws IOException {
    api = new FakeApi();
    environment.put("BRUME_URL", api.url());
    environment.put("BRUME_TOKEN", "brume_secret");
  }

  @AfterEach
  void close() {
    api.close();
  }

  private int brume(String... arguments) {
    Surroundings surroundings =
        new Surroundings(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            environment,
            NOW,
            new Random(1),
            false);
    return Brume.commandLine(surroundings).execute(arguments);
  }

  @Test
  void helpNamesEveryVerbThatTheScriptKnows() throws IOException {
    String script = Files.readString(Path.of(System.getProperty("brume.repository"), "brume"));
    List<String> verbs =
        Pattern.compile("^  ([a-z |]+)\\)$", Pattern.MULTILINE)
            .matcher(script)
            .results()
            .flatMap(labels -> Stream.of(labels.group(1).split(" \\| ")))
            .toList();
    assertThat(verbs).contains("up", "tour");
    assertThat(brume("help")).isZero();
    assertThat(verbs).allSatisfy(verb -> assertThat(out.toString()).contains("\n  " + verb + " "));
  }

  private static String instance(String state, String more) {
    return """
    {"id":"%s","name":"web","state":"%s","reservationId":"r-0191a2b3c4d5e6f70",
     "imageId":"ami-00000000000000001","imageName":"debian-micro","type":"e1.micro","vcpu":1,
     "memoryMib":256,"tags":{"team":"red"},"generation":1,"zone":"a",
     "createdAt":"2026-11-22T11:58:30Z"%s}\
    """
        .formatted(ID, state, more);
  }

  private static String running() {
    return instance("running", ",\"runningSince\":\"2026-11-22T11:59:00Z\"");
  }

  private static String problem(int status, String code, String detail) {
    return """
    {"type":"about:blank","title":"t","status":%d,"code":"%s","detail":"%s","requestId":"req-1"}\
    """
        .formatted(status, code, detail);
  }

  @Test
  void listsInstancesAsATable() {
    api.on(
        "GET /v1/instances?state=pending&state=running&state=stopping&state=stopped"
            + "&state=shutting-down&limit=1000",
        200,
        "{\"items\":["
            + running()
            + ","
            + instance(
                    "pending",
                    ",\"stateReason\":{\"code\":\"no_capacity\",\"message\":\"no node has room\"}")
                .replace("\"name\":\"web\",", "")
            + "]}");
    assertThat(brume("ps")).isZero();
    assertThat(out.toString())
        .isEqualTo(
            """
            INSTANCE             NAME  TYPE      STATE    ZONE  SINCE  REASON
            i-0191a2b3c4d5e6f70  web   e1.micro  running  a     60 s   -
            i-0191a2b3c4d5e6f70  -     e1.micro  pending  a     90 s   no node has room
            """);
    assertThat(api.asked().getFirst().authorization()).isEqualTo("Bearer brume_secret");
  }

  @Test
  void runsAndWaitsUntilItRuns() {
    api.on(
        "POST /v1/instances",
        201,
        "{\"reservationId\":\"r-0191a2b3c4d5e6f70\",\"instances\":["
            + instance("pending", "")
            + "]}");
    api.on("GET /v1/instances/" + ID + "?wait=running&timeout=20s", 200, instance("pending", ""));
    api.on("GET /v1/instances/" + ID + "?wait=running&timeout=20s", 200, running());
    assertThat(
            brume(
                "run",
                "--name",
                "web",
                "--tag",
                "team=red",
                "--user-data",
                "#!/bin/sh\nid",
                "--wait"))
        .isZero();
    assertThat(out.toString()).contains("running");
    FakeApi.Asked asked = api.asked().getFirst();
    String userData =
        Base64.getEncoder().encodeToString("#!/bin/sh\nid".getBytes(StandardCharsets.UTF_8));
    assertThat(asked.body())
        .contains("\"image\":\"debian-micro\"", "\"count\":1", "\"team\":\"red\"", userData);
    assertThat(asked.idempotencyKey()).isNotBlank();
  }

  @Test
  void aWaitThatCanNotEndWellSaysWhy() {
    api.on("POST /v1/instances/" + ID + "/start", 200, instance("pending", ""));
    api.on(
        "GET /v1/instances/" + ID + "?wait=running&timeout=20s",
        200,
        instance(
            "stopped",
            ",\"stateReason\":{\"code\":\"guest_failure\",\"message\":\"the kernel is not one\"}"));
    assertThat(brume("start", ID, "--wait")).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("brume: " + ID + " is stopped: the kernel is not one\n");
  }

  @Test
  void findsAnInstanceByNameUnlessSeveralHaveIt() {
    api.on("GET /v1/instances?name=web&limit=1000", 200, "{\"items\":[" + running() + "]}");
    api.on("POST /v1/instances/" + ID + "/stop", 200, instance("stopping", ""));
    assertThat(brume("stop", "web")).isZero();
    api.on(
        "GET /v1/instances?name=two&limit=1000",
        200,
        "{\"items\":[" + running() + "," + running().replace("f70\"", "f71\"") + "]}");
    assertThat(brume("stop", "two")).isEqualTo(1);
    assertThat(err.toString()).contains("2 instances are called 'two'").contains(ID);
    api.on("GET /v1/instances?name=none&limit=1000", 200, "{\"items\":[]}");
    assertThat(brume("stop", "none")).isEqualTo(1);
    assertThat(err.toString()).contains("no instance is called 'none'");
  }

  @Test
  void printsTheConsoleToItsEnd() {
    api.onText("GET /v1/instances/" + ID + "/console", "6", "boot \n");
    api.onText("GET /v1/instances/" + ID + "/console?from=6", "10", "more");
    api.onText("GET /v1/instances/" + ID + "/console?from=10", "10", "");
    api.on("GET /v1/instances/" + ID, 200, instance("stopped", ""));
    assertThat(brume("console", ID, "--follow")).isZero();
    assertThat(out.toString()).isEqualTo("boot \nmore");
  }

  @Test
  void showsTheInvoiceAsBillingWritesIt() {
    api.onText("GET /v1/invoices/current", "0", "Invoice\nTotal 0.01 USD\n");
    assertThat(brume("invoice")).isZero();
    assertThat(out.toString()).isEqualTo("Invoice\nTotal 0.01 USD\n");
    api.close();
    assertThat(brume("invoice")).isEqualTo(3);
  }

  @Test
  void jsonIsForPrograms() {
    api.on("GET /v1/instances/" + ID, 200, running());
    assertThat(brume("show", ID, "-o", "json")).isZero();
    assertThat(out.toString()).contains("\"id\" : \"" + ID + "\"", "\"state\" : \"running\"");
  }

  @Test
  void takesAddressAndTokenFromTheCloudBesideIt(@TempDir Path data) throws IOException {
    environment.clear();
    environment.put("BRUME_DATA", data.toString());
    Files.writeString(data.resolve("url"), api.url());
    Files.createDirectory(data.resolve("secrets"));
    Files.writeString(data.resolve("secrets/token"), "brume_local\n");
    api.on("GET /v1/nodes?limit=1000", 200, "{\"items\":[]}");
    assertThat(brume("nodes")).isZero();
    assertThat(api.asked().getFirst().authorization()).isEqualTo("Bearer brume_local");
  }

  @Test
  void aRefusalIsOneLineWithItsFieldAndCode() {
    api.on(
        "POST /v1/instances",
        400,
        problem(400, "unknown_image", "no image is called 'x'")
            .replace("\"requestId\"", "\"field\":\"image\",\"requestId\""));
    assertThat(brume("run", "--image", "x")).isEqualTo(1);
    assertThat(err.toString()).isEqualTo("brume: image: no image is called 'x' (unknown_image)\n");
  }

  @Test
  void anAddressThatIsNotBrumeIsNamed() {
    assertThat(brume("types")).isEqualTo(3);
    assertThat(err.toString()).contains("answered with HTTP 404 and not as Brume does");
  }

  @Test
  void aCloudThatIsAwayIsSaid() {
    api.close();
    assertThat(brume("types")).isEqualTo(3);
    assertThat(err.toString()).contains("does not answer: is the cloud up");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --url ftp://x types            | --url must look like http://HOST:PORT, not 'ftp://x'
          ps --state asleep              | --state must be one of pending, running
          run --user-data @/no/such/file | --user-data: the file /no/such/file can not be read
          run --count many               | Invalid value for option '--count'
          show                           | Missing required parameter: 'INSTANCE'
          stp                            | Did you mean
          """)
  void wrongUsageNamesWhatIsWrong(String line, String message) {
    assertThat(brume(line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }

  @Test
  void withoutACloudItSaysHowToHaveOne() {
    environment.clear();
    assertThat(brume("ps")).isEqualTo(3);
    assertThat(err.toString()).contains("start one with 'brume up'");
  }
}
