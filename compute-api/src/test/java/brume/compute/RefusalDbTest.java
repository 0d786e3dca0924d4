package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;

import brume.compute.TestCloud.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/// Everything that can be wrong about a request, and what the client reads.
@ExtendWith(SharedCloud.class)
final class RefusalDbTest {
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
  private static final String OK = "\"image\":\"debian-micro\",\"type\":\"e1.nano\"";
  private static TestCloud cloud;

  @BeforeAll
  static void start() {
    cloud = SharedCloud.get();
  }

  /// body | code | field | part of the detail
  private static final String LAUNCHES =
      """
      {                                          | malformed_json | | line 1, column 2
      {"image": debian}                          | malformed_json | | line 1
      {OK, "type": "e1.micro"}                   | malformed_json | | type
      {OK} {}                                    | malformed_json | | something follows
      [1]                                        | wrong_type | | the body must be an object
      "x"                                        | wrong_type | | the body must be an object
      {OK, "colour": "red"}                      | unknown_field | colour | known are
      {"type": "e1.nano"}                        | missing_field | image | image is missing
      {"image": "debian-micro"}                  | missing_field | type | type is missing
      {"image": null, "type": "e1.nano"}         | missing_field | image | image is missing
      {"image": 5, "type": "e1.nano"}            | wrong_type | image | must be text
      {"image": ["a"], "type": "e1.nano"}        | wrong_type | image | must be text
      {OK, "count": "2"}                         | wrong_type | count | whole number
      {OK, "count": 1.5}                         | wrong_type | count | whole number
      {OK, "count": true}                        | wrong_type | count | whole number
      {OK, "count": 99999999999}                 | wrong_type | count | whole number
      {OK, "count": 0}                           | invalid_value | count | 1 to 100, not 0
      {OK, "count": 101}                         | invalid_value | count | 1 to 100, not 101
      {OK, "name": ""}                           | invalid_value | name | 1 to 250
      {OK, "name": "a\\u0007b"}                  | invalid_value | name | control characters
      {OK, "name": "\\ud800"}                    | invalid_value | name | Unicode
      {OK, "zone": "A!"}                         | invalid_value | zone | must match
      {OK, "tags": ["a"]}                        | wrong_type | tags | must be an object
      {OK, "tags": {"a": 1}}                     | wrong_type | tags.a | must be text
      {OK, "tags": {"a": null}}                  | missing_field | tags.a | is missing
      {OK, "tags": {"": "x"}}                    | invalid_value | a key of tags | 1 to 128
      {OK, "userData": "a!"}                     | invalid_value | userData | not base64
      {"image": "none", "type": "e1.nano"}       | unknown_image | image | 'none'
      {"image": "ami-0000000000000dead", "type": "e1.nano"} | unknown_image | image | dead
      {"image": "debian-micro", "type": "e1"}    | unknown_instance_type | type | 'e1'
      """;

  @TestFactory
  Stream<DynamicTest> aLaunchThatIsWrongIsRefusedByName() {
    return LAUNCHES
        .lines()
        .map(line -> {
          List<String> cells = List.of(line.split("\\|")).stream().map(String::strip).toList();
          String body = cells.get(0).replace("OK", OK);
          return DynamicTest.dynamicTest(
              cells.get(0),
              () -> {
                Answer answer = cloud.post("/v1/instances", body);
                assertThat(answer.status()).as(answer.body()).isEqualTo(400);
                assertThat(answer.code()).as(answer.body()).isEqualTo(cells.get(1));
                assertThat(answer.field()).as(answer.body()).isEqualTo(cells.get(2));
                assertThat(answer.detail()).contains(cells.get(3));
              });
        });
  }

  @Test
  void limitsHoldAtTheirEdges() {
    String exact = "A".repeat(21_844) + "AA=="; // 16,384 bytes
    assertThat(launch("\"userData\":\"" + exact + "\"").status()).isEqualTo(201);
    Answer over = launch("\"userData\":\"" + "A".repeat(21_848) + "\"");
    assertThat(over.field()).isEqualTo("userData");
    assertThat(over.detail()).contains("16384");
    assertThat(launch("\"name\":\"" + "n".repeat(250) + "\"").status()).isEqualTo(201);
    assertThat(launch("\"name\":\"" + "n".repeat(251) + "\"").field()).isEqualTo("name");
    StringBuilder tags = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      tags.append(i == 0 ? "" : ",").append("\"k").append(i).append("\":\"v\"");
    }
    assertThat(launch("\"tags\":{" + tags + "}").status()).isEqualTo(201);
    assertThat(launch("\"tags\":{" + tags + ",\"more\":\"\"}").field()).isEqualTo("tags");
  }

  private static Answer launch(String more) {
    return cloud.post("/v1/instances", "{" + OK + "," + more + "}");
  }

  @Test
  void aBrowserAtTheRootIsToldHowToGoOnWithoutTheConsole() {
    Answer page = cloud.send("GET", "/", null, Map.of("Accept", "text/html,*/*;q=0.8"), null);
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains("brume help").contains("/docs");
    assertThat(page.header("Content-Security-Policy")).startsWith("default-src 'none'");
    assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
    Answer deep = cloud.send("GET", "/instances", null, Map.of("Accept", "text/html"), null);
    assertThat(deep.status()).isEqualTo(404);
  }

  /// method path | status | code | field
  private static final String REQUESTS =
      """
      GET /v1/nothing                       | 404 | path_not_found |
      GET /nothing                          | 404 | path_not_found |
      GET /v1/instances/i-1                 | 400 | invalid_value | instanceId
      GET /v1/instances/i-0000000000000dead | 404 | instance_not_found | instanceId
      GET /v1/instances/i-0000000000000dead/console | 404 | instance_not_found | instanceId
      GET /v1/instances/i-0000000000000dead/transitions | 404 | instance_not_found | instanceId
      DELETE /v1/instances                  | 405 | method_not_allowed |
      PUT /v1/account                       | 405 | method_not_allowed |
      POST /v1/invoices/current             | 405 | method_not_allowed |
      GET /v1/instances?stat=running        | 400 | unknown_parameter | stat
      GET /v1/account?x=1                   | 400 | unknown_parameter | x
      GET /v1/instances?state=asleep        | 400 | invalid_value | state
      GET /v1/instances?limit=0             | 400 | invalid_value | limit
      GET /v1/instances?limit=1001          | 400 | invalid_value | limit
      GET /v1/instances?limit=x             | 400 | invalid_value | limit
      GET /v1/instances?cursor=x            | 400 | invalid_value | cursor
      GET /v1/instances?cursor=%00          | 400 | invalid_value | cursor
      GET /v1/instances?name=%00            | 400 | invalid_value | name
      GET /v1/instances?tag=                | 400 | invalid_value | tag
      GET /v1/instances/i-0000000000000dead?timeout=5s | 400 | invalid_value | timeout
      GET /v1/instances/i-0000000000000dead?wait=ready | 400 | invalid_value | wait
      GET /v1/instances/i-0000000000000dead?wait=running&timeout=61s | 400 | invalid_value | timeout
      GET /v1/instances/i-0000000000000dead?wait=running&timeout=5 | 400 | invalid_value | timeout
      GET /v1/instances/i-0000000000000dead/console?from=-1 | 400 | invalid_value | from
      GET /v1/instances/i-0000000000000dead/console?from=x | 400 | wrong_type | from
      DELETE /v1/tokens/x                   | 400 | invalid_value | tokenId
      DELETE /v1/tokens/tok-0000000000000dead | 404 | token_not_found | tokenId
      """;

  @TestFactory
  Stream<DynamicTest> aRequestThatIsWrongIsRefusedByName() {
    return REQUESTS
        .lines()
        .map(line -> {
          List<String> cells = List.of(line.split("\\|", -1)).stream().map(String::strip).toList();
          String[] request = cells.get(0).split(" ");
          return DynamicTest.dynamicTest(
              cells.get(0),
              () -> {
                Answer answer = cloud.send(request[0], request[1], TestCloud.OWNER, Map.of(), null);
                assertThat(answer.status() + " " + answer.code() + " " + answer.field())
                    .isEqualTo(cells.get(1) + " " + cells.get(2) + " " + cells.get(3));
                assertThat(answer.header("x-request-id"))
                    .isEqualTo(answer.json().path("requestId").asString());
              });
        });
  }

  @Test
  void aCursorOfAnotherListIsRefused() {
    cloud.launch("{" + OK + ",\"count\":2}");
    String cursor = cloud.get("/v1/instances?limit=1").json().path("nextCursor").asString();
    assertThat(cloud.get("/v1/tokens?limit=1&cursor=" + cursor).field()).isEqualTo("cursor");
  }

  @Test
  void onlyJsonIsTakenAsABody() {
    for (String type : List.of("text/plain", "application/x-www-form-urlencoded", "x/y")) {
      Answer answer =
          cloud.send(
              "POST",
              "/v1/instances",
              TestCloud.OWNER,
              Map.of("Content-Type", type),
              "{" + OK + "}");
      assertThat(answer.status()).isEqualTo(415);
      assertThat(answer.code()).isEqualTo("unsupported_media_type");
    }
    Answer none = cloud.send("POST", "/v1/instances", TestCloud.OWNER, JSON, "");
    assertThat(none.status() + " " + none.code()).isEqualTo("400 missing_field");
  }

  @Test
  void aBodyOfTenMegabytesIsRefusedWhetherOrNotItsLengthIsKnown() throws Exception {
    byte[] large = new byte[10 << 20];
    Arrays.fill(large, (byte) ' ');
    Answer known =
        cloud.send(
            "POST",
            "/v1/instances",
            TestCloud.OWNER,
            JSON,
            new String(large, StandardCharsets.US_ASCII));
    assertThat(known.status() + " " + known.code()).isEqualTo("413 body_too_large");
    assertThat(known.detail()).contains("1048576").contains("10485760");
    HttpRequest chunked =
        HttpRequest.newBuilder(URI.create(cloud.url + "/v1/instances"))
            .header("Authorization", "Bearer " + TestCloud.OWNER)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = http.send(chunked, BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(413);
      assertThat(answer.body()).contains("body_too_large");
    }
  }

  @Test
  void theClientsOwnRequestIdIsKeptWhereItIsFit() {
    Answer given =
        cloud.send(
            "GET", "/v1/account", TestCloud.OWNER, Map.of("x-request-id", "build-7.3"), null);
    assertThat(given.header("x-request-id")).isEqualTo("build-7.3");
    Answer unfit =
        cloud.send("GET", "/v1/account", TestCloud.OWNER, Map.of("x-request-id", "a b"), null);
    assertThat(unfit.header("x-request-id")).startsWith("req-");
  }

  @Test
  void whatIsNoHttpIsRefusedInTheSameForm() throws IOException {
    String tooMuch = "GET /v1/account HTTP/1.1\r\nHost: x\r\nx: " + "y".repeat(20_000);
    for (String request : List.of("GET /v1/in<stances HTTP/1.1\r\nHost: x", tooMuch)) {
      String answer = raw(request + "\r\n\r\n");
      assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json");
      assertThat(answer).contains("malformed_request").doesNotContain("Tomcat");
    }
  }

  private static String raw(String request) throws IOException {
    URI uri = URI.create(cloud.url);
    try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      InputStream in = socket.getInputStream();
      return new String(in.readNBytes(2_000), StandardCharsets.UTF_8);
    }
  }

  @Test
  void noRefusedLaunchLeftAnything() {
    int before = count();
    cloud.post("/v1/instances", "{" + OK + ",\"count\":101}");
    cloud.post("/v1/instances", "{\"image\":\"none\",\"type\":\"e1.nano\"}");
    assertThat(count()).isEqualTo(before);
  }

  private static int count() {
    return cloud.owner.sql("SELECT count(*) FROM compute.instance").query(Integer.class).single();
  }
}
