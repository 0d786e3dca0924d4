package brume.billing.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.BillingFixture;
import brume.billing.Books;
import brume.billing.Logs;
import brume.billing.MovingClock;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An alert on its way to an account's own server.
class WebhookDbTest {
  private static final String ACCOUNT = Logs.ACCOUNT;
  private static final String SECRET = "whsec_of-a-test-that-is-long-enough";
  private static final String ALERT = "alr-00000000000000001";

  private static BillingFixture billing;
  private static MovingClock clock;
  private static WebhookStore store;

  private record Got(String path, String id, String timestamp, String signature, String body) {}

  private final List<Got> got = new CopyOnWriteArrayList<>();
  private final AtomicInteger answer = new AtomicInteger(200);
  private HttpServer server;

  @BeforeAll
  static void start() {
    billing = new BillingFixture(Books.plain());
    clock = new MovingClock("2026-11-20T10:00:00Z");
    store =
        new WebhookStore(
            JdbcClient.create(billing.jdbc), billing.transaction, SecretSealDbTest.seal("a"));
  }

  @AfterAll
  static void stop() {
    billing.clear();
  }

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::take);
    server.start();
    billing.owner.execute("TRUNCATE billing.spending, billing.budget_alert CASCADE");
    store.put(ACCOUNT, "http://127.0.0.1:" + server.getAddress().getPort() + "/hook?x=1", SECRET);
    clock.moveTo("2026-11-20T10:00:00Z");
    billing.owner.update(
        """
        INSERT INTO billing.budget_alert VALUES (?, 1, ?, 'o', 'actual', 'all', 80, 1.00, 0.81, 'USD',
          'budget all', '2026-11-20T10:00:00Z')
        """,
        ACCOUNT,
        ALERT);
    billing.owner.update(
        "INSERT INTO billing.webhook_delivery VALUES (?, ?, 'pending', 0, '2026-11-20T10:00:00Z')",
        ALERT,
        ACCOUNT);
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      got.add(
          new Got(
              exchange.getRequestURI().toString(),
              exchange.getRequestHeaders().getFirst("Brume-Event-Id"),
              exchange.getRequestHeaders().getFirst("Brume-Timestamp"),
              exchange.getRequestHeaders().getFirst("Brume-Signature"),
              body));
      exchange.sendResponseHeaders(answer.get(), -1);
    }
  }

  private static void round(boolean privateAllowed) {
    new WebhookDelivery(store, clock, privateAllowed).round();
  }

  private static List<String> tries() {
    WebhookStore.Told told = store.alerts(ACCOUNT).getFirst();
    List<String> shown = new ArrayList<>();
    shown.add(told.state());
    told.tries().forEach(each -> shown.add(each.at() + " " + each.outcome()));
    return shown;
  }

  @Test
  void anAlertComesSignedAndIsSentAgainUntilItIsTaken() {
    answer.set(503);
    round(true);
    assertThat(tries()).containsExactly("pending", "2026-11-20T10:00:00Z answered 503");
    clock.moveTo("2026-11-20T10:00:09Z");
    round(true);
    assertThat(got).as("not before its time").hasSize(1);
    answer.set(204);
    clock.moveTo("2026-11-20T10:00:10Z");
    round(true);
    assertThat(tries())
        .containsExactly(
            "delivered", "2026-11-20T10:00:00Z answered 503", "2026-11-20T10:00:10Z answered 204");
    clock.moveTo("2026-11-21T10:00:10Z");
    round(true);
    assertThat(got).as("delivered once").hasSize(2);

    Got last = got.getLast();
    assertThat(last.path()).isEqualTo("/hook?x=1");
    assertThat(last.id()).isEqualTo(ALERT).isEqualTo(got.getFirst().id());
    JsonNode alert = JsonMapper.shared().readTree(last.body());
    assertThat(alert.get("budgetId").asString()).isEqualTo("all");
    assertThat(alert.get("reached").asString()).isEqualTo("0.81");
    assertThat(last.timestamp()).isEqualTo("1795168810");
    assertThat(last.signature())
        .isEqualTo(
            WebhookSignature.of(
                SECRET, 1_795_168_810, last.body().getBytes(StandardCharsets.UTF_8)))
        .isNotEqualTo(got.getFirst().signature());
  }

  /// `printf '17.hello' | openssl dgst -sha256 -hmac secret`
  @Test
  void theSignatureIsWhatEveryToolComputes() {
    assertThat(WebhookSignature.of("secret", 17, "hello".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo("v1=85a6b157fbaef3a53287c5522d496ccd706aa9b6e703d969fb6088b4d3ba2424");
  }

  @Test
  void whoNeverTakesItIsGivenUp() {
    answer.set(500);
    for (int i = 0; i <= WebhookDelivery.PAUSES.size() + 2; i++) {
      round(true);
      clock.moveTo(clock.instant().plus(Duration.ofHours(13)).toString());
    }
    assertThat(tries()).startsWith("given-up").hasSize(WebhookDelivery.PAUSES.size() + 2);
    assertThat(got).hasSize(WebhookDelivery.PAUSES.size() + 1);
  }

  @Test
  void aRedirectIsNotFollowedAndNoDelivery() {
    answer.set(302);
    round(true);
    assertThat(tries()).containsExactly("pending", "2026-11-20T10:00:00Z answered 302");
    assertThat(got).hasSize(1);
  }

  /// Also where a name that was public when it was put now leads inside.
  @Test
  void theOperatorsNetworkIsNotReached() {
    store.put(ACCOUNT, "https://127.0.0.1:" + server.getAddress().getPort() + "/", SECRET);
    round(false);
    assertThat(tries())
        .containsExactly(
            "pending",
            "2026-11-20T10:00:00Z IOException: the address of 127.0.0.1 is not a public one");
    assertThat(got).isEmpty();
  }

  @Test
  void anAnswerThatIsNotHttpIsATry() throws IOException, InterruptedException {
    try (ServerSocket odd = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      store.put(ACCOUNT, "http://127.0.0.1:" + odd.getLocalPort() + "/", SECRET);
      Thread other =
          Thread.ofVirtual()
              .start(() -> {
                try (Socket socket = odd.accept()) {
                  socket.getInputStream().readNBytes(10);
                  socket.getOutputStream().write("x".repeat(1000).getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                  // The other side hangs up once it has read enough.
                  return;
                }
              });
      round(true);
      other.join();
    }
    // Which of the two depends on what of the request was read before the other side hung up.
    assertThat(tries().get(1)).containsAnyOf("the answer is not HTTP", "SocketException");
    assertThat(tries()).startsWith("pending").hasSize(2);
  }

  @Test
  void whatIsTakenIsNotTakenTwiceAndComesBackWhenItsTakerDied() {
    assertThat(store.take(clock.instant(), Duration.ofMinutes(2), 10)).hasSize(1);
    assertThat(store.take(clock.instant(), Duration.ofMinutes(2), 10)).isEmpty();
    clock.moveTo("2026-11-20T10:02:00Z");
    assertThat(store.take(clock.instant(), Duration.ofMinutes(2), 10)).hasSize(1);
  }

  @Test
  void whatIsOnItsWayToAnAddressThatIsTakenAwayIsGivenUp() {
    assertThat(store.delete(ACCOUNT)).isTrue();
    round(true);
    assertThat(tries()).containsExactly("given-up");
    assertThat(store.delete(ACCOUNT)).isFalse();
    assertThat(got).isEmpty();
  }
}
