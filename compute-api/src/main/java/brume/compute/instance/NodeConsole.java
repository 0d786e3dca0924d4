package brume.compute.instance;

import brume.compute.ComputeApiSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// Asks a node for the console of one of its VMs. A node that does not answer in time, or answers
/// nonsense, is away; it never holds a request longer than the timeout, nor gives more than 1 MiB.
@Component
class NodeConsole {
  private static final Logger LOG = LoggerFactory.getLogger(NodeConsole.class);
  private static final int BYTES_MAX = 1 << 20;

  /// What a node said.
  sealed interface Answer {
    /// @param next the offset behind the last byte of `text`
    @SuppressWarnings("ArrayRecordComponent") // carried to the answer, never compared
    record Text(byte[] text, long next) implements Answer {}

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
    try {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(place.address() + "/vms/" + instanceId + "/console?from=" + from))
              .header("Authorization", "Bearer " + place.accessToken())
              .timeout(timeout)
              .GET()
              .build();
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        return switch (response.statusCode()) {
          case 200 -> text(response, body.readNBytes(BYTES_MAX), from);
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

  private static Answer text(HttpResponse<?> response, byte[] text, long from) {
    long next = response.headers().firstValueAsLong("x-console-next").orElse(from + text.length);
    return new Answer.Text(text, next);
  }
}
