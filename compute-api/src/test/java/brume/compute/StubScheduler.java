package brume.compute;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Answers plans as a scheduler with room for one instance would.
final class StubScheduler implements AutoCloseable {
  static final String NODE = "node-00000000000000001";
  static final String REASON =
      "no node has 1 vCPU and 512 MiB free; the largest free is 1 vCPU and 256 MiB";

  final List<String> asked = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  StubScheduler() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    server.createContext("/plan", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      boolean one = asked.getLast().contains("\"count\":1,");
      byte[] answer =
          "{\"places\":[{\"nodeId\":\"%s\",\"zone\":\"a\"}]%s}"
              .formatted(NODE, one ? "" : ",\"reason\":\"" + REASON + "\"")
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
