package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.compute.TestCloud.Answer;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// The interactive serial console, from a client's WebSocket to a node that a test plays.
@ExtendWith(SharedCloud.class)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SerialDbTest {
  private static final String NODE = "node-000000000000005e1";

  private static TestCloud cloud;
  private static HttpClient http;
  private static HttpServer node;
  private static final Map<String, Guest> GUESTS = new java.util.concurrent.ConcurrentHashMap<>();
  private static long epochs = 5_100;

  /// What a node keeps of one VM.
  private static final class Guest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream typed = new ByteArrayOutputStream();
    private long forgotten;
    private boolean over;

    synchronized void print(String text) {
      printed.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      notifyAll();
    }

    /// As if so much had been printed and was not kept.
    synchronized void lose(long bytes) {
      forgotten += printed.size() + bytes;
      printed.reset();
    }

    synchronized void end() {
      over = true;
      notifyAll();
    }

    synchronized void awaitTyped(String wanted) throws InterruptedException {
      while (!typed.toString(StandardCharsets.UTF_8).equals(wanted)) {
        wait();
      }
    }

    private synchronized void answer(HttpExchange exchange) throws Exception {
      if (exchange.getRequestMethod().equals("POST")) {
        byte[] body = exchange.getRequestBody().readAllBytes();
        int taken = Math.min(body.length, 3); // a small keyboard buffer: the rest comes again
        typed.write(body, 0, taken);
        notifyAll();
        exchange.getResponseHeaders().add("x-console-taken", "" + taken);
        exchange.sendResponseHeaders(204, -1);
        return;
      }
      long from = number(exchange, "from");
      long until =
          System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(number(exchange, "waitMillis"));
      while (from == forgotten + printed.size() && !over && System.nanoTime() < until) {
        wait(100);
      }
      byte[] all = printed.toByteArray();
      long start = Math.max(from, forgotten);
      byte[] piece = Arrays.copyOfRange(all, (int) (start - forgotten), all.length);
      exchange.getResponseHeaders().add("x-console-start", "" + start);
      exchange.getResponseHeaders().add("x-console-next", "" + (start + piece.length));
      exchange.getResponseHeaders().add("x-console-over", "" + over);
      exchange.sendResponseHeaders(200, piece.length == 0 ? -1 : piece.length);
      exchange.getResponseBody().write(piece);
    }

    private static long number(HttpExchange exchange, String name) {
      for (String part : exchange.getRequestURI().getQuery().split("&")) {
        if (part.startsWith(name + "=")) {
          return Long.parseLong(part.substring(name.length() + 1));
        }
      }
      return 0;
    }
  }

  /// What a client hears.
  private static final class Ears implements WebSocket.Listener {
    private final StringBuilder output = new StringBuilder();
    private final StringBuilder control = new StringBuilder();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();

    @Override
    public synchronized CompletionStage<?> onBinary(
        WebSocket socket, ByteBuffer data, boolean last) {
      output.append(StandardCharsets.UTF_8.decode(data));
      notifyAll();
      socket.request(1);
      return null;
    }

    @Override
    public synchronized CompletionStage<?> onText(
        WebSocket socket, CharSequence data, boolean last) {
      control.append(data);
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable fault) {
      closed.completeExceptionally(fault);
    }

    synchronized void await(String end) throws InterruptedException {
      while (output.indexOf(end) < 0) {
        wait();
      }
    }

    synchronized String output() {
      return output.toString();
    }

    int code() {
      return closed.join();
    }

    synchronized String reason() {
      return TestCloud.JSON.readTree(control.toString()).path("reason").asString();
    }
  }

  @BeforeAll
  static void start() throws IOException {
    cloud = SharedCloud.get();
    http = HttpClient.newHttpClient();
    node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    node.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    node.createContext("/vms/", SerialDbTest::answer);
    node.start();
    cloud.node(NODE, "node-5e1", "http://127.0.0.1:" + node.getAddress().getPort());
  }

  @AfterAll
  static void stop() {
    http.shutdownNow(); // close() waits for the other side of every WebSocket
    node.stop(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String id = exchange.getRequestURI().getPath().split("/")[2];
    Guest guest = GUESTS.get(id);
    boolean mine =
        "Bearer access".equals(exchange.getRequestHeaders().getFirst("Authorization"))
            && guest != null;
    try (exchange) {
      if (mine) {
        guest.answer(exchange);
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /// An instance that runs on the node of this test.
  private static String running(Guest guest) {
    String id = cloud.launch();
    GUESTS.put(id, guest);
    long epoch = epochs++;
    cloud.allocate(id, epoch, NODE);
    cloud.vm(id, epoch, "RUNNING", null, null);
    return id;
  }

  private static WebSocket open(String token, String id, Ears ears) {
    return http.newWebSocketBuilder()
        .header("Authorization", "Bearer " + token)
        .buildAsync(
            URI.create(cloud.url.replace("http:", "ws:") + "/v1/instances/" + id + "/serial"), ears)
        .join();
  }

  private static void type(WebSocket socket, String text) {
    socket.sendBinary(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), true).join();
  }

  private static List<String> audited(String id) {
    return cloud
        .owner
        .sql("SELECT action FROM compute.audit_entry WHERE resources = ? ORDER BY id")
        .param(id)
        .query(String.class)
        .list();
  }

  @Test
  void whatWasPrintedComesFirstThenTheLineIsOnesOwnUntilTheInstanceStops() throws Exception {
    Guest guest = new Guest();
    guest.print("#".repeat(100_000) + "\r\nlogin: ");
    String id = running(guest);
    Ears ears = new Ears();
    WebSocket socket = open(TestCloud.OPERATOR, id, ears);
    ears.await("login: ");
    assertThat(ears.output()).hasSize(64 * 1024);

    socket.sendText("{\"type\":\"size\",\"columns\":80,\"rows\":24}", true).join();
    type(socket, "uname ");
    type(socket, "-m\r");
    guest.awaitTyped("uname -m\r");
    guest.print("\r\nriscv64\r\n");
    ears.await("login: \r\nriscv64\r\n");

    guest.print("Power down");
    guest.end();
    assertThat(ears.code()).isEqualTo(1000);
    assertThat(ears.output()).endsWith("Power down");
    assertThat(ears.reason()).isEqualTo("the instance does not run any more");
    awaitAudit(id, "CloseSerialConsole");
    assertThat(audited(id)).containsExactly("OpenSerialConsole", "CloseSerialConsole");
  }

  private static void awaitAudit(String id, String action) throws InterruptedException {
    while (!audited(id).contains(action)) {
      Thread.sleep(20);
    }
  }

  @Test
  void whoIsTooSlowIsToldWhatIsLost() throws Exception {
    Guest guest = new Guest();
    guest.print("first");
    String id = running(guest);
    Ears ears = new Ears();
    WebSocket socket = open(TestCloud.OPERATOR, id, ears);
    ears.await("first");
    guest.lose(1_000);
    guest.print("last");
    ears.await("last");
    assertThat(ears.output())
        .isEqualTo("first\r\n[brume] 1000 bytes of output came too fast and are lost\r\nlast");
    socket.abort();
  }

  @Test
  void aConsoleEndsWithItsRight() throws Exception {
    String secret = "a-token-that-is-revoked-while-it-types";
    cloud.token("tok-000000000000005e1", TestCloud.ACCOUNT, secret, "operator", false);
    Guest guest = new Guest();
    String id = running(guest);
    Ears ears = new Ears();
    open(secret, id, ears);
    cloud.send("DELETE", "/v1/tokens/tok-000000000000005e1", TestCloud.OWNER, Map.of(), null);
    assertThat(ears.code()).isEqualTo(4403);
    assertThat(ears.reason()).contains("token");
  }

  @Test
  void fourMayShareALineAndNoMore() throws Exception {
    Guest guest = new Guest();
    guest.print("here");
    String id = running(guest);
    WebSocket last = null;
    for (int n = 0; n < 4; n++) {
      Ears ears = new Ears();
      last = open(TestCloud.OPERATOR, id, ears);
      ears.await("here");
    }
    Ears fifth = new Ears();
    open(TestCloud.OPERATOR, id, fifth);
    assertThat(fifth.code()).isEqualTo(4429);
    assertThat(fifth.reason())
        .isEqualTo("4 serial consoles of " + id + " are open already: close one");

    last.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    awaitAudit(id, "CloseSerialConsole");
    Ears again = new Ears();
    open(TestCloud.OPERATOR, id, again);
    again.await("here");
    guest.end();
    assertThat(again.code()).isEqualTo(1000);
  }

  @Test
  void refusalsComeBeforeTheConnectionIsAWebSocket() {
    String pending = cloud.launch();
    Answer waits = cloud.get("/v1/instances/" + pending + "/serial");
    assertThat(waits.status()).isEqualTo(409);
    assertThat(waits.code()).isEqualTo("incorrect_state");
    assertThat(waits.detail()).startsWith(pending + " is pending: ");

    String id = running(new Guest());
    Answer plain = cloud.get("/v1/instances/" + id + "/serial");
    assertThat(plain.status()).isEqualTo(400);
    assertThat(plain.code()).isEqualTo("not_a_websocket");
    for (String token : List.of(TestCloud.READER, TestCloud.STRANGER)) {
      int status = token.equals(TestCloud.READER) ? 403 : 404;
      assertThatThrownBy(() -> open(token, id, new Ears()))
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(status));
    }
    assertThat(audited(id)).doesNotContain("OpenSerialConsole");
  }

  @Test
  void aFrameThatIsTooLongOrNoControlEndsTheSessionAlone() throws Exception {
    Guest guest = new Guest();
    guest.print("here");
    String id = running(guest);
    Ears calm = new Ears();
    open(TestCloud.OPERATOR, id, calm);
    calm.await("here");
    Ears greedy = new Ears();
    open(TestCloud.OPERATOR, id, greedy)
        .sendBinary(ByteBuffer.allocate(64 * 1024 + 1), true)
        .join();
    assertThat(greedy.code()).isEqualTo(1009);
    Ears chatty = new Ears();
    open(TestCloud.OPERATOR, id, chatty).sendText("{\"type\":", true).join();
    assertThat(chatty.code()).isEqualTo(1003);
    guest.print(" still");
    calm.await("here still");
  }
}
