package brume.billing.webhook;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Sends alerts that are due. A receiver that does not answer with 2xx is asked again, ever more
/// seldom, for about a day; then the alert is given up, and still stands in the list of alerts and
/// in the stream of events.
public final class WebhookDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookDelivery.class);
  private static final int ROUND_MAX = 50;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private static final Duration SEND_MAX = Duration.ofSeconds(30);

  /// Longer than a send may take.
  private static final Duration LEASE = Duration.ofMinutes(2);

  /// After the first try, the second, and so on.
  static final List<Duration> PAUSES =
      List.of(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          Duration.ofHours(1),
          Duration.ofHours(3),
          Duration.ofHours(6),
          Duration.ofHours(12));

  private final WebhookStore store;
  private final WebhookPost post;
  private final Clock clock;
  private final boolean privateAllowed;

  /// @param privateAllowed whether addresses inside the operator's network may be sent to
  public WebhookDelivery(WebhookStore store, Clock clock, boolean privateAllowed) {
    this.store = store;
    this.post = new WebhookPost(privateAllowed, TIMEOUT);
    this.clock = clock;
    this.privateAllowed = privateAllowed;
  }

  /// Sends what is due, at once: a slow receiver holds up no other.
  public void round() {
    List<WebhookStore.Due> due = store.take(clock.instant(), LEASE, ROUND_MAX);
    if (due.isEmpty()) {
      return;
    }
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> sends = due.stream().map(each -> sending(each)).toList();
      // Who sends its answer byte by byte is cut off: an interrupt closes a virtual thread's
      // socket.
      senders.invokeAll(sends, SEND_MAX.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Callable<Boolean> sending(WebhookStore.Due due) {
    return () -> {
      send(due);
      return true;
    };
  }

  private void send(WebhookStore.Due due) {
    Instant now = clock.instant();
    byte[] body =
        JsonMapper.shared().writeValueAsString(due.alert()).getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("User-Agent", "Brume");
    headers.put("Brume-Event-Id", due.alert().id());
    headers.put("Brume-Timestamp", Long.toString(now.getEpochSecond()));
    headers.put(
        "Brume-Signature", WebhookSignature.of(due.to().secret(), now.getEpochSecond(), body));
    boolean delivered = false;
    String outcome;
    try {
      int status = post.send(WebhookAddress.of(due.to().url(), privateAllowed), headers, body);
      delivered = status / 100 == 2;
      outcome = "answered " + status;
    } catch (IOException | IllegalArgumentException e) {
      if (Thread.interrupted()) {
        LOG.debug("{} was cut off", due.alert().id());
      }
      outcome = e.getClass().getSimpleName() + ": " + e.getMessage();
    }
    store.tried(due, now, delivered, outcome, delivered ? null : next(due.tries(), now));
  }

  private static @Nullable Instant next(int tries, Instant now) {
    return tries < PAUSES.size() ? now.plus(PAUSES.get(tries)) : null;
  }
}
