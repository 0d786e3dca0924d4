package brume.cli.cloud;

import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import brume.cli.process.Surroundings;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A cloud's API, asked as one caller. What was refused, and what could not be reached, ends the
/// command with one line. A request that broke off, or that was put off with a `Retry-After`, is
/// sent again: each one reads, carries an idempotency key, or says how it shall be afterwards.
public final class Cloud implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(70);
  private static final int ATTEMPTS_MAX = 3;
  private static final int PUT_OFF_SECONDS_MAX = 10;
  private static final int ANSWER_BYTES_MAX = 64 << 20;
  private static final int PAGE = 1000;
  private static final int ITEMS_MAX = 1_000_000;

  private final Endpoint endpoint;
  private final Surroundings surroundings;
  private final HttpClient client;

  public Cloud(Endpoint endpoint, Surroundings surroundings) {
    this.endpoint = endpoint;
    this.surroundings = surroundings;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT);
    if (!endpoint.isSecure()) {
      builder.sslContext(new NoTls());
    }
    this.client = builder.build();
  }

  public String url() {
    return endpoint.url();
  }

  public Answer send(Request request) {
    return send(request, "application/json");
  }

  /// What the API answers as JSON.
  public Object json(Request request) {
    return json(send(request));
  }

  /// An answer's JSON; throws [CommandFailure] where there is none.
  public Object json(Answer answer) {
    try {
      Object value = Json.read(answer.text());
      if (value != null) {
        return value;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw notBrume("what is no JSON");
  }

  /// What the API answers as text, made to be read as it is.
  public Answer text(Request request) {
    return send(request, "text/plain, application/problem+json");
  }

  private Answer send(Request request, String accept) {
    HttpResponse<String> answer =
        exchange(
            request,
            accept,
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofString(), ANSWER_BYTES_MAX));
    if (answer.statusCode() >= 300) {
      throw refusal(answer.statusCode(), answer.headers(), answer.body());
    }
    return new Answer(lowerCase(answer.headers()), answer.body());
  }

  /// An answer of any length, to be closed by the caller.
  public InputStream stream(Request request, String accept) {
    HttpResponse<InputStream> answer =
        exchange(request, accept, HttpResponse.BodyHandlers.ofInputStream());
    if (answer.statusCode() < 300) {
      return answer.body();
    }
    try (InputStream body = answer.body()) {
      String text = new String(body.readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8);
      throw refusal(answer.statusCode(), answer.headers(), text);
    } catch (IOException e) {
      throw away();
    }
  }

  /// All pages of a list.
  public List<Object> all(Request request) {
    List<Object> all = new ArrayList<>();
    String cursor = "";
    do {
      Request asked = request.with("limit", Integer.toString(PAGE));
      Object page = json(cursor.isEmpty() ? asked : asked.with("cursor", cursor));
      if (!(Json.at(page, "items") instanceof List<?> items)) {
        throw notBrume("what is no list");
      }
      all.addAll(items);
      cursor = items.isEmpty() ? "" : Json.text(page, "nextCursor");
    } while (!cursor.isEmpty() && all.size() < ITEMS_MAX);
    return all;
  }

  /// Opens a WebSocket; the failure of its handshake is told as that of any request.
  public CompletableFuture<WebSocket> open(String path, WebSocket.Listener listener) {
    return client
        .newWebSocketBuilder()
        .header("Authorization", "Bearer " + endpoint.token())
        .connectTimeout(CONNECT_TIMEOUT)
        .buildAsync(URI.create(endpoint.url().replaceFirst("^http", "ws") + path), listener);
  }

  private <T> HttpResponse<T> exchange(
      Request request, String accept, HttpResponse.BodyHandler<T> handler) {
    HttpRequest wire = wire(request, accept);
    boolean conditional = request.headers().containsKey("If-Match");
    for (int attempt = 1; ; attempt++) {
      boolean last = attempt == ATTEMPTS_MAX;
      try {
        HttpResponse<T> answer = client.send(wire, handler);
        Optional<Duration> putOff = putOff(answer);
        if (putOff.isEmpty() || last) {
          return answer;
        }
        surroundings.sleep(putOff.get());
      } catch (ConnectException | HttpConnectTimeoutException e) {
        throw away();
      } catch (IOException e) {
        if (last || conditional) {
          throw away();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailure(ExitCode.REFUSED, "interrupted");
      }
    }
  }

  private HttpRequest wire(Request request, String accept) {
    HttpRequest.Builder wire =
        HttpRequest.newBuilder(URI.create(endpoint.url() + request.target()))
            .header("Authorization", "Bearer " + endpoint.token())
            .header("Accept", accept)
            .timeout(READ_TIMEOUT);
    request.headers().forEach(wire::header);
    if (request.body() == null) {
      return wire.method(request.method(), HttpRequest.BodyPublishers.noBody()).build();
    }
    boolean yaml = request.body() instanceof Request.YamlText;
    String body =
        request.body() instanceof Request.YamlText(String text) ? text : Json.line(request.body());
    return wire.header("Content-Type", yaml ? "application/yaml" : "application/json")
        .method(request.method(), HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static Optional<Duration> putOff(HttpResponse<?> answer) {
    if (answer.statusCode() != 429 && answer.statusCode() != 503) {
      return Optional.empty();
    }
    return answer
        .headers()
        .firstValue("Retry-After")
        .filter(given -> given.matches("[0-9]{1,4}"))
        .map(Integer::parseInt)
        .filter(seconds -> seconds <= PUT_OFF_SECONDS_MAX)
        .map(Duration::ofSeconds);
  }

  private static Map<String, String> lowerCase(HttpHeaders headers) {
    Map<String, String> all = new HashMap<>();
    headers
        .map()
        .forEach(
            (name, values) -> all.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
    return all;
  }

  private CommandFailure away() {
    return new CommandFailure(
        ExitCode.UNREACHABLE,
        url() + " does not answer: is the cloud up ('brume up'), and is the address right?");
  }

  private CommandFailure notBrume(String what) {
    return new CommandFailure(
        ExitCode.UNREACHABLE,
        url() + " answered with " + what + " and not as Brume does: is the address right?");
  }

  private CommandFailure refusal(int status, HttpHeaders headers, String body) {
    Object problem;
    try {
      problem = Json.read(body);
    } catch (IllegalArgumentException e) {
      return notBrume("HTTP " + status);
    }
    String code = Json.text(problem, "code");
    if (code.isEmpty()) {
      return notBrume("HTTP " + status);
    }
    String field = Json.text(problem, "field");
    String detail = Json.text(problem, "detail");
    String request = Json.text(problem, "requestId");
    String hint =
        headers
            .firstValue("Retry-After")
            .map(seconds -> "; try again in " + seconds + " s")
            .orElse(status == 401 ? "; 'brume login' signs in anew" : "");
    return new Refusal(
        status >= 500 ? ExitCode.UNREACHABLE : ExitCode.REFUSED,
        status,
        code,
        (field.isEmpty() || detail.startsWith(field + " ") ? "" : field + ": ")
            + detail
            + hint
            + " ("
            + code
            + (request.isEmpty() ? "" : ", request " + request)
            + ")");
  }

  /// Ends its threads: the JVM would wait a third of a second for them at its own end.
  @Override
  public void close() {
    client.shutdownNow();
    try {
      client.awaitTermination(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
