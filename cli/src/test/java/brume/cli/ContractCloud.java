package brume.cli;

import brume.cli.cloud.Json;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A cloud on loopback that is held to the contract: a request which is not in it is a fault, and
/// an operation for which a test laid out nothing is answered as the contract allows. What a test
/// laid out comes in its order, the last of it again and again.
final class ContractCloud implements AutoCloseable {
  /// A request as it came.
  record Asked(String operation, String line, Map<String, String> headers, String body) {
    Object json() {
      return Json.read(body);
    }
  }

  private record Laid(int status, String type, Map<String, String> headers, String body) {}

  private final Map<String, Deque<Laid>> laid = new ConcurrentHashMap<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  ContractCloud() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  List<Asked> asked() {
    return asked;
  }

  List<String> faults() {
    return faults;
  }

  ContractCloud on(String operation, Object json) {
    Contract.Entry entry = Contract.named(operation);
    return lay(operation, Contract.status(entry), "application/json", Map.of(), Json.line(json));
  }

  ContractCloud on(String operation, Object json, Map<String, String> headers) {
    Contract.Entry entry = Contract.named(operation);
    return lay(operation, Contract.status(entry), "application/json", headers, Json.line(json));
  }

  ContractCloud onItems(String operation, Object... items) {
    return on(operation, Map.of("items", List.of(items)));
  }

  ContractCloud onText(String operation, String type, Map<String, String> headers, String text) {
    return lay(operation, 200, type, headers, text);
  }

  ContractCloud refuse(String operation, int status, String code, String detail, String field) {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("type", "about:blank");
    problem.put("title", "t");
    problem.put("status", status);
    problem.put("code", code);
    problem.put("detail", detail);
    if (!field.isEmpty()) {
      problem.put("field", field);
    }
    problem.put("requestId", "req-1");
    return lay(operation, status, "application/problem+json", Map.of(), Json.line(problem));
  }

  ContractCloud lay(
      String operation, int status, String type, Map<String, String> headers, String body) {
    laid.computeIfAbsent(operation, _ -> new ArrayDeque<>())
        .add(new Laid(status, type, headers, body));
    return this;
  }

  /// A value as the contract has it, with some fields of the test's own.
  static Map<String, Object> made(String schema, Object... fields) {
    Map<String, Object> made = new LinkedHashMap<>();
    ((Map<?, ?>) Contract.made(schema)).forEach((name, value) -> made.put(name.toString(), value));
    for (int i = 0; i < fields.length; i += 2) {
      made.put(fields[i].toString(), fields[i + 1]);
    }
    return made;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String path = exchange.getRequestURI().getRawPath();
      Optional<Contract.Entry> entry = Contract.find(exchange.getRequestMethod(), path);
      String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      if (entry.isEmpty()) {
        faults.add("not in the contract: " + line);
        send(exchange, new Laid(404, "text/html", Map.of(), "<html>"));
        return;
      }
      Map<String, String> headers = new LinkedHashMap<>();
      for (String name :
          List.of("Authorization", "Idempotency-Key", "If-Match", "Last-Event-ID", "Accept")) {
        Optional.ofNullable(exchange.getRequestHeaders().getFirst(name))
            .ifPresent(value -> headers.put(name, value));
      }
      asked.add(new Asked(entry.get().id(), line, headers, body));
      String query = exchange.getRequestURI().getRawQuery();
      if (!"application/yaml".equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
        faults.addAll(Contract.faults(entry.get(), parsed(query), headers, body));
      }
      Deque<Laid> queue = laid.get(entry.get().id());
      if (queue != null) {
        send(exchange, queue.size() > 1 ? queue.poll() : queue.peek());
      } else {
        Optional<Object> made = Contract.answer(entry.get());
        send(
            exchange,
            new Laid(
                Contract.status(entry.get()),
                "application/json",
                Map.of(),
                made.map(Json::line).orElse("")));
      }
    }
  }

  private static Map<String, List<String>> parsed(String query) {
    Map<String, List<String>> parsed = new LinkedHashMap<>();
    for (String pair : query == null ? new String[0] : query.split("&")) {
      String[] parts = pair.split("=", 2);
      parsed
          .computeIfAbsent(
              URLDecoder.decode(parts[0], StandardCharsets.UTF_8), _ -> new ArrayList<>())
          .add(URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return parsed;
  }

  private static void send(HttpExchange exchange, Laid answer) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", answer.type());
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
