package brume.compute.instance;

import brume.compute.ComputeApiSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Reads the console of one of a node's VMs, and types into it. A node that does not answer in
/// time, or answers nonsense, is away; it never holds a request longer than the timeout, nor gives
/// more than 1 MiB.
@Component
public class NodeConsole {
  private static final Logger LOG = LoggerFactory.getLogger(NodeConsole.class);
  private static final int BYTES_MAX = 1 << 20;

  /// Which VM, and how its node is reached.
  ///
  /// @param epoch of the start that is meant
  public record Line(String instanceId, long epoch, Fact.Place place) {}

  /// What a node said.
  public sealed interface Answer {
    /// @param start the offset of the first byte of `text`: later than asked for where the node
    ///   does not keep the output any more
    /// @param next the offset behind the last byte of `text`
    /// @param over whether the VM has ended and none will follow
    @SuppressWarnings("ArrayRecordComponent") // carried to the answer, never compared
    record Text(byte[] text, long start, long next, boolean over) implements Answer {}

    /// How many of the bytes had room with the guest.
    record Taken(int bytes) implements Answer {}

    /// The node has no such VM, not yet or no more.
    record NoVm() implements Answer {}

    record Away() implements Answer {}
  }

  private final HttpClient http;
  private final Duration timeout;

  NodeConsole(HttpClient http, ComputeApiSettings settings) {
    this.http = http;
    this.timeout = settings.node().timeout();
  }

  Answer read(Fact.Place place, String instanceId, long from) {
    return ask(place, instanceId, "from=" + from, timeout, null);
  }

  /// Waits for output beyond `from`, at most so long.
  public Answer follow(Line line, long from, Duration wait) {
    String query = "epoch=" + line.epoch() + "&from=" + from + "&waitMillis=" + wait.toMillis();
    return ask(line.place(), line.instanceId(), query, wait.plus(timeout), null);
  }

  public Answer type(Line line, byte[] typed) {
    return ask(line.place(), line.instanceId(), "epoch=" + line.epoch(), timeout, typed);
  }

  /// @param typed what is sent; null to read
  private Answer ask(
      Fact.Place place, String instanceId, String query, Duration atMost, byte @Nullable [] typed) {
    try {
      URI uri = URI.create(place.address() + "/vms/" + instanceId + "/console?" + query);
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri)
              .header("Authorization", "Bearer " + place.accessToken())
              .timeout(atMost);
      if (typed != null) {
        request.POST(BodyPublishers.ofByteArray(typed));
      }
      HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        return switch (response.statusCode()) {
          case 200 -> text(response.headers(), body.readNBytes(BYTES_MAX));
          case 204 -> new Answer.Taken((int) number(response.headers(), "x-console-taken", 0));
          case 404 -> new Answer.NoVm();
          default -> {
            LOG.warn("node {} answers {} for a console", place.nodeName(), response.statusCode());
            yield new Answer.Away();
          }
        };
      }
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("node {} is away: {}", place.nodeName(), e.toString());
      return new Answer.Away();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer.Away();
    }
  }

  private static Answer text(HttpHeaders headers, byte[] text) {
    long start = number(headers, "x-console-start", 0);
    return new Answer.Text(
        text,
        start,
        number(headers, "x-console-next", start + text.length),
        headers.firstValue("x-console-over").orElse("").equals("true"));
  }

  private static long number(HttpHeaders headers, String name, long otherwise) {
    return headers.firstValueAsLong(name).orElse(otherwise);
  }
}
