package brume.node.image.debian;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A mirror on this machine, whose faults a test chooses.
final class MirrorServer implements AutoCloseable {
  final Map<String, byte[]> files = new ConcurrentHashMap<>();

  /// Each request as its path, and its range when it had one.
  final List<String> requests = new CopyOnWriteArrayList<>();

  /// How many of the next answers end in the middle of the body.
  final AtomicInteger breaking = new AtomicInteger();

  /// How many of the next answers are 503.
  final AtomicInteger failing = new AtomicInteger();

  volatile boolean ignoresRanges;

  private final HttpServer server;

  MirrorServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/debian/");
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().replaceFirst("^/debian/", "");
    String range = exchange.getRequestHeaders().getFirst("Range");
    requests.add(range == null ? path : path + " " + range);
    byte[] file = files.get(path);
    if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      exchange.sendResponseHeaders(503, -1);
    } else if (file == null) {
      exchange.sendResponseHeaders(404, -1);
    } else {
      int from =
          range == null || ignoresRanges ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
      if (from > 0) {
        exchange
            .getResponseHeaders()
            .set("Content-Range", "bytes " + from + "-" + (file.length - 1) + "/" + file.length);
      }
      int length = file.length - from;
      exchange.sendResponseHeaders(from > 0 ? 206 : 200, length == 0 ? -1 : length);
      boolean breaks = breaking.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
      exchange.getResponseBody().write(file, from, breaks ? length / 2 : length);
      if (breaks) {
        exchange.getResponseBody().flush();
      }
    }
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
