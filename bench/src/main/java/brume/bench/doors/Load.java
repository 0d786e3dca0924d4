package brume.bench.doors;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/// What so many clients got, each asking again as soon as it was answered.
///
/// @param millis how long each answer took, in rising order
record Load(double perSecond, List<Double> millis) {

  static Load of(int clients, Duration length, Supplier<HttpRequest> requests) throws Exception {
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        ExecutorService threads = Executors.newFixedThreadPool(clients)) {
      long start = System.nanoTime();
      long end = start + length.toNanos();
      List<Future<double[]>> parts = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        parts.add(threads.submit(() -> ask(http, requests, end)));
      }
      List<Double> millis = new ArrayList<>();
      for (Future<double[]> part : parts) {
        Arrays.stream(part.get()).forEach(millis::add);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      millis.sort(null);
      return new Load(millis.size() / seconds, millis);
    }
  }

  private static double[] ask(HttpClient http, Supplier<HttpRequest> requests, long end)
      throws IOException, InterruptedException {
    double[] millis = new double[1 << 16];
    int count = 0;
    for (long before = System.nanoTime(); before < end && count < millis.length; count++) {
      HttpResponse<String> answer = http.send(requests.get(), Load::body);
      if (answer.statusCode() / 100 != 2) {
        throw new IllegalStateException(answer.statusCode() + " " + answer.body());
      }
      long after = System.nanoTime();
      millis[count] = (after - before) / 1e6;
      before = after;
    }
    return Arrays.copyOf(millis, count);
  }

  /// What was refused is read, to be shown; of all else a client that only counts reads the bytes.
  private static BodySubscriber<String> body(HttpResponse.ResponseInfo answer) {
    return answer.statusCode() / 100 == 2
        ? BodySubscribers.replacing("")
        : BodySubscribers.ofString(StandardCharsets.UTF_8);
  }

  double quantile(double part) {
    return millis.get((int) Math.min(millis.size() - 1, millis.size() * part));
  }
}
