package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.compute.TestCloud.Answer;
import brume.compute.access.TokenDigest;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A browser that signed in: what its cookie may, what a page of another origin may with it, and
/// when it ends.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a stream never ends
final class SessionDbTest {
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
  private static final String EDIT = "{\"actions\":[\"RunInstances\"],\"effect\":\"deny\"";

  private static TestCloud cloud;
  private static HttpClient http;
  private static int tokens;

  @BeforeAll
  static void start() {
    cloud = TestCloud.start();
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    http.shutdownNow(); // a refused WebSocket would be waited for
    cloud.close();
  }

  private static String token(String role) {
    String secret = "session-token-" + ++tokens;
    cloud.token(id(tokens), TestCloud.ACCOUNT, secret, role, false);
    return secret;
  }

  private static String id(int token) {
    return String.format("tok-5e551000000000%03d", token);
  }

  private static Answer signIn(String token) {
    return cloud.send("POST", "/v1/session", null, JSON, "{\"token\":\"" + token + "\"}");
  }

  /// The cookie as a browser sends it back.
  private static String cookie(Answer signedIn) {
    assertThat(signedIn.status()).as(signedIn.body()).isEqualTo(201);
    String set = signedIn.header("Set-Cookie");
    return set.substring(0, set.indexOf(';'));
  }

  private static Answer by(String cookie, String method, String path, String body, String... more) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Cookie", cookie);
    if (body != null) {
      headers.putAll(JSON);
    }
    for (int i = 0; i < more.length; i += 2) {
      headers.put(more[i], more[i + 1]);
    }
    return cloud.send(method, path, null, headers, body);
  }

  private static String[] console() {
    return new String[] {"X-Brume-Console", "1", "Origin", cloud.url};
  }

  @Test
  void theCookieIsNoneThatAScriptOrAnotherSiteCanUseAndTheDatabaseCantMakeIt() {
    String token = token("operator");
    Answer answer = signIn(token);
    String cookie = cookie(answer);
    assertThat(cookie).matches("brume_session=[A-Za-z0-9_-]{43}");
    assertThat(List.of(answer.header("Set-Cookie").split("; ")))
        .containsExactlyInAnyOrder(cookie, "Path=/", "HttpOnly", "SameSite=Strict");
    assertThat(answer.json().path("principal").asString()).isEqualTo(id(tokens));
    assertThat(answer.json().path("role").asString()).isEqualTo("operator");
    assertThat(answer.body()).doesNotContain(token).doesNotContain(cookie.substring(14));
    List<Map<String, Object>> rows =
        cloud
            .owner
            .sql("SELECT * FROM compute.console_session WHERE token_id = ?")
            .param(id(tokens))
            .query()
            .listOfRows();
    assertThat(rows).hasSize(1);
    assertThat((byte[]) rows.getFirst().get("digest"))
        .isEqualTo(TokenDigest.of(cookie.substring("brume_session=".length())));
    assertThat(new String((byte[]) rows.getFirst().get("sealed_token"), StandardCharsets.UTF_8))
        .doesNotContain(token);
  }

  @Test
  void behindHttpsTheCookieIsSecure() {
    Map<String, String> headers = new LinkedHashMap<>(JSON);
    headers.put("Origin", cloud.url.replace("http:", "https:"));
    Answer answer =
        cloud.send("POST", "/v1/session", null, headers, "{\"token\":\"" + token("reader") + "\"}");
    assertThat(List.of(answer.header("Set-Cookie").split("; "))).contains("Secure");
  }

  @Test
  void aSessionMayWhatItsTokenMay() {
    String reader = cookie(signIn(token("reader")));
    assertThat(by(reader, "GET", "/v1/instances", null).status()).isEqualTo(200);
    assertThat(by(reader, "GET", "/v1/session", null).json().has("expiresAt")).isTrue();
    String launch = "{\"image\":\"debian-micro\",\"type\":\"e1.nano\"}";
    Answer refused = by(reader, "POST", "/v1/instances", launch, console());
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.detail()).contains("has role reader");
    String operator = cookie(signIn(token("operator")));
    assertThat(by(operator, "POST", "/v1/instances", launch, console()).status()).isEqualTo(201);
    assertThat(by(operator, "GET", "/v1/tokens", null).status()).isEqualTo(403);
  }

  @Test
  void scopesDoNotKeepOneFromSigningInAndOut() {
    String token = token("operator");
    cloud
        .owner
        .sql("UPDATE compute.api_token SET scopes = 'DescribeInstances' WHERE id = ?")
        .param(id(tokens))
        .update();
    String cookie = cookie(signIn(token));
    Answer who = by(cookie, "GET", "/v1/session", null);
    assertThat(who.json().path("scopes").path(0).asString()).isEqualTo("DescribeInstances");
    assertThat(by(cookie, "GET", "/v1/images", null).status()).isEqualTo(403);
    assertThat(by(cookie, "DELETE", "/v1/session", null, console()).status()).isEqualTo(204);
  }

  @Test
  void aForgedChangeIsRefused() {
    String cookie = cookie(signIn(token("owner")));
    String url = cloud.url;
    String[][] forged = {
      {},
      {"X-Brume-Console", "1"},
      {"Origin", url},
      {"X-Brume-Console", "0", "Origin", url},
      {"X-Brume-Console", "1", "Origin", "null"},
      {"X-Brume-Console", "1", "Origin", "http://elsewhere.example"},
      {"X-Brume-Console", "1", "Origin", url + ".elsewhere.example"},
      {"X-Brume-Console", "1", "Origin", url.replaceAll(":[0-9]+$", ":1")},
      {"X-Brume-Console", "1", "Origin", url.replace("http:", "ftp:")}
    };
    String body = EDIT + ",\"name\":\"forged\"}";
    for (String[] headers : forged) {
      Answer answer = by(cookie, "POST", "/v1/policies", body, headers);
      assertThat(answer.status()).as(String.join(" ", headers)).isEqualTo(403);
      assertThat(answer.code()).isEqualTo("forbidden");
      assertThat(answer.field()).isIn("X-Brume-Console", "Origin");
      assertThat(by(cookie, "DELETE", "/v1/session", null, headers).status()).isEqualTo(403);
    }
    assertThat(by(cookie, "GET", "/v1/instances", null, "Origin", "http://a.example").status())
        .isEqualTo(403);
    assertThat(
            cloud
                .owner
                .sql("SELECT count(*) FROM compute.policy WHERE name = 'forged'")
                .query(Integer.class)
                .single())
        .isZero();
    Answer own = by(cookie, "POST", "/v1/policies", EDIT + ",\"name\":\"own\"}", console());
    assertThat(own.status()).as(own.body()).isEqualTo(201);
    String path = "/v1/policies/" + own.json().path("id").asString();
    assertThat(by(cookie, "DELETE", path, null, console()).status()).isEqualTo(204);
  }

  @Test
  void aPageElsewhereCantSignOneIn() {
    Map<String, String> headers = new LinkedHashMap<>(JSON);
    headers.put("Origin", "http://elsewhere.example");
    Answer answer =
        cloud.send("POST", "/v1/session", null, headers, "{\"token\":\"" + token("reader") + "\"}");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.header("Set-Cookie")).isEmpty();
  }

  @Test
  void signingOutEndsItAndSoDoesARevokedTokenAnEndOfTimeOrASuspension() {
    String token = token("owner");
    String out = cookie(signIn(token));
    String late = cookie(signIn(token));
    String revoked = cookie(signIn(token));
    Answer gone = by(out, "DELETE", "/v1/session", null, console());
    assertThat(gone.status()).isEqualTo(204);
    assertThat(gone.header("Set-Cookie")).startsWith("brume_session=;").contains("Max-Age=0");
    assertThat(by(out, "GET", "/v1/account", null).status()).isEqualTo(401);
    assertThat(by(out, "DELETE", "/v1/session", null, console()).status()).isEqualTo(204);
    assertThat(by(late, "GET", "/v1/account", null).status()).isEqualTo(200);

    cloud
        .owner
        .sql(
            "UPDATE compute.console_session SET created_at = created_at - interval '1 day',"
                + " expires_at = now() WHERE digest = ?")
        .param(TokenDigest.of(late.substring("brume_session=".length())))
        .update();
    Answer over = by(late, "GET", "/v1/account", null);
    assertThat(over.status()).isEqualTo(401);
    assertThat(over.detail()).contains("sign in again");

    assertThat(by(revoked, "GET", "/v1/account", null).status()).isEqualTo(200);
    String self = "/v1/tokens/" + id(tokens);
    assertThat(cloud.send("DELETE", self, TestCloud.OWNER, Map.of(), null).status()).isEqualTo(204);
    assertThat(by(revoked, "GET", "/v1/account", null).status()).isEqualTo(401);
    assertThat(by(revoked, "DELETE", "/v1/session", null, console()).status()).isEqualTo(204);
    assertThat(signIn(token).status()).isEqualTo(401);
  }

  @Test
  void useMovesTheEnd() {
    String cookie = cookie(signIn(token("reader")));
    cloud
        .owner
        .sql(
            "UPDATE compute.console_session SET created_at = created_at - interval '7 hours',"
                + " expires_at = expires_at - interval '7 hours' WHERE token_id = ?")
        .param(id(tokens))
        .update();
    assertThat(by(cookie, "GET", "/v1/account", null).status()).isEqualTo(200);
    assertThat(
            cloud
                .owner
                .sql(
                    "SELECT expires_at > now() + interval '7 hours' FROM compute.console_session"
                        + " WHERE token_id = ?")
                .param(id(tokens))
                .query(Boolean.class)
                .single())
        .isTrue();
  }

  @Test
  void aTokenHasTwentySessionsAtMost() {
    String token = token("reader");
    List<String> cookies = new ArrayList<>();
    for (int i = 0; i < 22; i++) {
      cookies.add(cookie(signIn(token)));
    }
    List<Integer> answers =
        cookies.stream().map(cookie -> by(cookie, "GET", "/v1/session", null).status()).toList();
    assertThat(answers.subList(0, 2)).containsOnly(401);
    assertThat(answers.subList(2, 22)).containsOnly(200);
  }

  @Test
  void theTrailTellsWhoSignedInAndOut() {
    String cookie = cookie(signIn(token("reader")));
    by(cookie, "DELETE", "/v1/session", null, console());
    assertThat(
            cloud
                .owner
                .sql("SELECT action FROM compute.audit_entry WHERE principal = ? ORDER BY id")
                .param(id(tokens))
                .query(String.class)
                .list())
        .containsExactly("CreateSession", "DeleteSession");
  }

  @Test
  void aStreamOfEventsTakesTheCookieAndEndsWithTheSession() throws Exception {
    String cookie = cookie(signIn(token("reader")));
    var answer =
        http.send(
            HttpRequest.newBuilder(URI.create(cloud.url + "/v1/events"))
                .header("Cookie", cookie)
                .build(),
            BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    try (var lines =
        new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
      assertThat(lines.readLine()).isEqualTo("retry: 1000");
      by(cookie, "DELETE", "/v1/session", null, console());
      cloud.facts();
      assertThat(lines.lines().filter(line -> line.startsWith("id:"))).isEmpty();
    }
  }

  @Test
  void aSerialConsoleAsksForTheOrigin() {
    String cookie = cookie(signIn(token("operator")));
    String path = "/v1/instances/" + cloud.launch() + "/serial";
    // It would be a WebSocket if the instance ran: so far the request is let in.
    assertThat(handshake(path, cookie, cloud.url)).isEqualTo(409);
    assertThat(handshake(path, cookie, "http://elsewhere.example")).isEqualTo(403);
    assertThat(handshake(path, cookie, null)).isEqualTo(403);
  }

  private static int handshake(String path, String cookie, String origin) {
    WebSocket.Builder builder = http.newWebSocketBuilder().header("Cookie", cookie);
    if (origin != null) {
      builder.header("Origin", origin);
    }
    URI target = URI.create(cloud.url.replace("http:", "ws:") + path);
    int[] status = {0};
    assertThatThrownBy(() -> builder.buildAsync(target, new WebSocket.Listener() {}).join())
        .isInstanceOf(CompletionException.class)
        .satisfies(fault ->
            status[0] =
                ((WebSocketHandshakeException) fault.getCause()).getResponse().statusCode());
    return status[0];
  }

  @Test
  void tooManyWrongTokensFromOneAddressAreTooMany() {
    try (TestCloud other = cloud.another()) {
      Answer answer = null;
      int wrong = 0;
      while (wrong < 30 && (answer == null || answer.status() == 401)) {
        answer =
            other.send("POST", "/v1/session", null, JSON, "{\"token\":\"wrong-" + wrong + "\"}");
        wrong++;
      }
      assertThat(wrong).isGreaterThan(10);
      assertThat(answer.status()).isEqualTo(429);
      assertThat(answer.code()).isEqualTo("too_many_tries");
      assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 6);
    }
  }

  @Test
  void whatIsNoTokenIsRefusedByName() {
    for (String body :
        List.of(
            "{}", "{\"token\":\"\"}", "{\"token\":7}", "{\"token\":\"" + "x".repeat(201) + "\"}")) {
      Answer answer = cloud.send("POST", "/v1/session", null, JSON, body);
      assertThat(answer.status()).as(body).isEqualTo(400);
      assertThat(answer.field()).as(body).isEqualTo("token");
    }
    for (String cookie :
        List.of("brume_session=", "brume_session=" + "A".repeat(43), "brume_session=%00")) {
      assertThat(by(cookie, "GET", "/v1/session", null).status()).as(cookie).isEqualTo(401);
      assertThat(by(cookie, "DELETE", "/v1/session", null, console()).status()).isEqualTo(204);
    }
  }
}
