package brume.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// An API on loopback that gives the answers a test laid out for it, in their order; the last one
/// again and again. What was asked is kept for the test to look at.
final class FakeApi implements AutoCloseable {
  record Asked(String line, String authorization, String idempotencyKey, String body) {}

  private record Answer(int status, String type, Map<String, String> headers, String body) {}

  private final Map<String, Deque<Answer>> answers = new LinkedHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  FakeApi() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /// @param path with its query, as in `GET /v1/nodes?limit=1000`
  FakeApi on(String path, int status, String body) {
    String type = status < 400 ? "application/json" : "application/problem+json";
    return put(path, new Answer(status, type, Map.of(), body));
  }

  FakeApi onText(String path, String next, String body) {
    return put(path, new Answer(200, "text/plain", Map.of("x-console-next", next), body));
  }

  private FakeApi put(String path, Answer answer) {
    answers.computeIfAbsent(path, _ -> new ArrayDeque<>()).add(answer);
    return this;
  }

  List<Asked> asked() {
    return asked;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      asked.add(
          new Asked(
              line,
              exchange.getRequestHeaders().getFirst("Authorization"),
              exchange.getRequestHeaders().getFirst("Idempotency-Key"),
              body));
      Deque<Answer> queue = answers.get(line);
      Answer answer =
          queue == null
              ? new Answer(404, "text/html", Map.of(), "<html>nothing laid out for " + line)
              : queue.size() > 1 ? queue.poll() : queue.peek();
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      answer.headers().forEach(exchange.getResponseHeaders()::set);
      byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
