package brume.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import brume.client.ApiClient;
import brume.client.api.InstancesApi;
import brume.client.model.RunInstancesRequest;
import brume.node.image.BuildImage;
import brume.node.image.ImageException;
import brume.node.image.ImageProgress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The README's first command and the serial line, with an unmodified Debian kernel as the guest.
class TourE2eTest {
  @Test
  void theTourShowsAGuestAndAnInvoiceThatAgree(@TempDir Path folder) {
    assumeImage();
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    int exit;
    PrintStream before = System.out;
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      exit = new CommandLine(new Standalone()).execute("tour", "--data", folder.toString());
    } finally {
      System.setOut(before);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(exit).as(text).isZero();
    assertThat(text)
        .contains("riscv64 GNU/Linux")
        .contains("e1.micro")
        .containsPattern(
            "The invoice bills (\\d+) s for i-[0-9a-f]{17}; its transitions show it running for \\1 s\\.");
  }

  @Test
  void aShellAnswersOnTheSerialLine(@TempDir Path folder) throws Exception {
    assumeImage();
    try (Cloud cloud = Cloud.on(new CloudOptions(folder, 0, 1, null, Map.of())).start();
        HttpClient http = HttpClient.newHttpClient()) {
      ApiClient client = new ApiClient();
      client.updateBaseUri(cloud.url());
      client.setRequestInterceptor(it -> it.header("Authorization", "Bearer " + cloud.token()));
      InstancesApi instances = new InstancesApi(client);
      RunInstancesRequest wanted = new RunInstancesRequest().image("debian-micro").type("e1.micro");
      String id = instances.runInstances(wanted, null, null).getInstances().getFirst().getId();
      instances.getInstance(id, "running", "60s");
      assertThat(dryRun(cloud, http))
          .contains("\"placements\":[{\"zone\":\"a\"", "\"waiting\":0", "\"currency\":\"USD\"");

      Terminal terminal = new Terminal();
      WebSocket socket =
          http.newWebSocketBuilder()
              .header("Authorization", "Bearer " + cloud.token())
              .buildAsync(
                  URI.create(
                      cloud.url().replace("http:", "ws:") + "/v1/instances/" + id + "/serial"),
                  terminal)
              .join();
      terminal.await("ready after");
      byte[] typed = "echo $((6*7))-$(uname -m)\r".getBytes(StandardCharsets.UTF_8);
      socket.sendBinary(ByteBuffer.wrap(typed), true).join();
      terminal.await("42-riscv64");
      instances.terminateInstance(id, null);
      assertThat(terminal.closed.get(60, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
    }
  }

  private static String dryRun(Cloud cloud, HttpClient http) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(cloud.url() + "/v1/instances?dryRun=true"))
            .header("Authorization", "Bearer " + cloud.token())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"image\":\"debian-micro\",\"type\":\"e1.micro\"}"))
            .build();
    return http.send(request, BodyHandlers.ofString()).body();
  }

  /// Keeps what comes over a serial line.
  private static final class Terminal implements WebSocket.Listener {
    private final StringBuilder seen = new StringBuilder();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();

    @Override
    public synchronized @Nullable CompletionStage<?> onBinary(
        WebSocket socket, ByteBuffer data, boolean last) {
      seen.append(StandardCharsets.UTF_8.decode(data));
      notifyAll();
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return null;
    }

    synchronized void await(String text) throws InterruptedException {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (seen.indexOf(text) < 0) {
        assertThat(System.nanoTime()).as("no %s in %s", text, seen).isLessThan(end);
        TimeUnit.NANOSECONDS.timedWait(this, TimeUnit.SECONDS.toNanos(1));
      }
    }
  }

  static void assumeImage() {
    try {
      BuildImage.ofUser(System.getenv()).resolve("builtin:debian-micro", ImageProgress.silent());
    } catch (ImageException e) {
      assumeTrue(false, "skipped: the image debian-micro is missing: " + e.getMessage());
    }
  }
}
