package brume.compute.event;

import brume.compute.access.Action;
import brume.compute.access.Authentication;
import brume.compute.access.Authorization;
import brume.compute.access.Caller;
import brume.compute.access.Needs;
import brume.compute.access.Principal;
import brume.compute.loop.DatabaseSignals;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import tools.jackson.databind.json.JsonMapper;

/// `/v1/events`: the account's transitions as they come, as Server-Sent Events (WHATWG HTML §9.2).
/// The id of an event is its number in the log, and behind a point that of the last alert of what
/// the account spends, so who comes back with `Last-Event-ID` misses none and sees none twice. A
/// stream looks at its credential again and again, and ends when that does.
@RestController
class EventController {
  private static final Action ACTION = Action.of("GetEvents");
  private static final int STREAMS_MAX = 500;
  private static final int STREAMS_OF_ACCOUNT_MAX = 20;
  private static final int CHUNK = 200;
  private static final Duration LOOK_LEAST = Duration.ofMillis(100);
  private static final Duration BEAT = Duration.ofSeconds(5);
  private static final Duration LASTS_MOST = Duration.ofHours(1);

  private final Semaphore streams = new Semaphore(STREAMS_MAX);
  private final ConcurrentHashMap<String, Integer> byAccount = new ConcurrentHashMap<>();
  private final EventQueries queries;
  private final DatabaseSignals signals;
  private final Authentication authentication;
  private final JsonMapper json;

  EventController(
      EventQueries queries,
      DatabaseSignals signals,
      Authentication authentication,
      JsonMapper json) {
    this.queries = queries;
    this.signals = signals;
    this.authentication = authentication;
    this.json = json;
  }

  @GetMapping("/v1/events")
  @Needs("GetEvents")
  ResponseEntity<StreamingResponseBody> events(
      Caller caller,
      @RequestHeader(value = "Last-Event-ID", required = false) @Nullable String lastId,
      HttpServletResponse response) {
    String account = caller.accountId();
    Seen last = lastId == null ? queries.newest(account) : Seen.of(lastId);
    take(account);
    return ResponseEntity.ok()
        .contentType(MediaType.TEXT_EVENT_STREAM)
        .body(out -> {
          try {
            stream(response, out, caller, last);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } finally {
            give(account);
          }
        });
  }

  private void take(String account) {
    if (!streams.tryAcquire()) {
      throw tooMany(STREAMS_MAX + " streams");
    }
    if (byAccount.merge(account, 1, Integer::sum) > STREAMS_OF_ACCOUNT_MAX) {
      give(account);
      throw tooMany(STREAMS_OF_ACCOUNT_MAX + " streams of this account");
    }
  }

  private void give(String account) {
    byAccount.computeIfPresent(account, (key, count) -> count == 1 ? null : count - 1);
    streams.release();
  }

  private static Refused tooMany(String what) {
    return new Refused(
        new Refusal.Busy("too_many_streams", "already " + what + " are open; close one", 10));
  }

  private void stream(HttpServletResponse response, OutputStream out, Caller caller, Seen first)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + LASTS_MOST.toNanos();
    Seen last = first;
    write(out, "retry: 1000\n\n");
    while (System.nanoTime() < end && !signals.isStopped()) {
      long seen = signals.count();
      Principal principal = stillAllowed(caller);
      if (principal == null) {
        return;
      }
      String account = principal.accountId();
      List<EventQueries.Event> events =
          queries.behind(account, last.seq(), principal.cloudOperator(), CHUNK);
      for (EventQueries.Event event : events) {
        last = last.transition(event.seq());
        write(out, told(last, "transition", json.writeValueAsString(event)));
      }
      List<EventQueries.Alert> alerts = queries.alertsBehind(account, last.alert(), CHUNK);
      for (EventQueries.Alert alert : alerts) {
        last = last.alert(alert.number());
        write(out, told(last, "budget-alert", json.writeValueAsString(alert)));
      }
      if (events.isEmpty() && alerts.isEmpty()) {
        write(out, ":\n\n"); // tells either side that the other one is still there
      }
      response.flushBuffer(); // what `out` is asked to flush stays in the buffer
      if (events.size() < CHUNK && alerts.size() < CHUNK) {
        signals.await(seen, LOOK_LEAST, BEAT);
      }
    }
  }

  private static String told(Seen id, String event, String data) {
    return "id: " + id + "\nevent: " + event + "\ndata: " + data + "\n\n";
  }

  private @Nullable Principal stillAllowed(Caller caller) {
    try {
      Principal principal = authentication.again(caller);
      Authorization.require(principal, ACTION);
      return principal;
    } catch (Refused refused) {
      return null;
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
