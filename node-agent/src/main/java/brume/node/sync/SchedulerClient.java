package brume.node.sync;

import brume.contract.sync.NodeCredential;
import brume.contract.sync.NodeRegistration;
import brume.contract.sync.SyncRequest;
import brume.contract.sync.SyncResponse;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The scheduler's two calls, over HTTP. A call either gives a whole, checked answer within its
/// time or throws; it never tries again by itself.
final class SchedulerClient implements AutoCloseable {
  static final int ANSWER_BYTES_MAX = 256 << 20;

  private static final Duration CONNECT_MAX = Duration.ofSeconds(2);
  private static final int DETAIL_LENGTH_MAX = 300;

  private final URI scheduler;
  private final JsonMapper json;
  private final HttpClient http;

  SchedulerClient(URI scheduler, JsonMapper json) {
    this.scheduler = scheduler;
    this.json = json;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_MAX)
            .build();
  }

  NodeCredential register(NodeRegistration registration, Duration most)
      throws SchedulerException, InterruptedException {
    HttpRequest.Builder request = request("/nodes", registration);
    NodeCredential credential = exchange(request, NodeCredential.class, most);
    if (credential.nodeId() == null || credential.secret() == null) {
      throw SchedulerException.away("the scheduler's answer lacks nodeId or secret");
    }
    return credential;
  }

  SyncResponse sync(NodeCredential credential, SyncRequest report, Duration most)
      throws SchedulerException, InterruptedException {
    HttpRequest.Builder request =
        request("/nodes/" + credential.nodeId() + "/sync", report)
            .header("Authorization", "Bearer " + credential.secret());
    SyncResponse response = exchange(request, SyncResponse.class, most);
    if (response.version() == null || response.leaseMillis() <= 0) {
      throw SchedulerException.away("the scheduler's answer lacks a version or a lease");
    }
    return response;
  }

  private HttpRequest.Builder request(String path, Object body) {
    return HttpRequest.newBuilder(scheduler.resolve(path))
        .header("Content-Type", "application/json")
        .header("Accept", "application/json, application/problem+json")
        .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)));
  }

  /// The time is for all of the exchange, also for reading an answer that drips in.
  private <T> T exchange(HttpRequest.Builder request, Class<T> type, Duration most)
      throws SchedulerException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(
            request.timeout(most).build(),
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
    HttpResponse<byte[]> response;
    try {
      response = answer.get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      answer.cancel(true);
      throw SchedulerException.away("no whole answer within " + most.toMillis() + " ms");
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause() == null ? failed : failed.getCause();
      throw SchedulerException.away(said(cause));
    } catch (InterruptedException stopped) {
      answer.cancel(true);
      throw stopped;
    }
    int status = response.statusCode();
    if (status / 100 != 2) {
      throw refusal(status, response.body());
    }
    try {
      T value = json.readValue(response.body(), type);
      if (value == null) {
        throw SchedulerException.away("the scheduler's answer is null");
      }
      return value;
    } catch (JacksonException malformed) {
      throw SchedulerException.away(
          "the scheduler's answer makes no sense: " + malformed.getOriginalMessage());
    }
  }

  private static String said(Throwable failure) {
    if (failure instanceof ConnectException) {
      return "nothing listens there";
    }
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private SchedulerException refusal(int status, byte[] body) {
    String code = "";
    String detail = new String(body, StandardCharsets.UTF_8).strip();
    try {
      JsonNode problem = json.readTree(body);
      code = problem.path("code").asString("");
      detail = problem.path("detail").asString(detail);
    } catch (JacksonException notJson) {
      // Some proxy's page; its start will do.
    }
    boolean mayPass = status / 100 != 4 || status == 408 || status == 429;
    SchedulerException.Kind kind =
        code.equals("stale_report")
            ? SchedulerException.Kind.OVERTAKEN
            : mayPass ? SchedulerException.Kind.AWAY : SchedulerException.Kind.REFUSED;
    return new SchedulerException(kind, "status " + status + ": " + shortened(detail));
  }

  private static String shortened(String text) {
    return text.length() <= DETAIL_LENGTH_MAX ? text : text.substring(0, DETAIL_LENGTH_MAX) + "…";
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
