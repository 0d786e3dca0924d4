package brume.bench;

import brume.client.ApiClient;
import brume.client.ApiException;
import brume.client.api.InstancesApi;
import brume.client.model.Instance;
import brume.client.model.InstanceState;
import brume.client.model.RunInstancesRequest;
import brume.standalone.Cloud;
import brume.standalone.CloudOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// From the request to the guest's own word that it is ready, through the whole cloud: API,
/// database, scheduler, node, and a Debian kernel in the emulator.
final class GuestLaunch {
  private static final double ONE_AIM = 6;
  private static final double TWO_AIM = 10;
  private static final String READY = "brume: ready";

  private GuestLaunch() {}

  static void measure(int runs) throws IOException, ApiException {
    Path folder = Files.createTempDirectory("brume-bench");
    Files.setPosixFilePermissions(
        folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    CloudOptions options = new CloudOptions(folder, 0, 1, null, Map.of());
    try (Cloud cloud = Cloud.on(options).start()) {
      ApiClient client = new ApiClient();
      client.updateBaseUri(cloud.url());
      client.setRequestInterceptor(
          request -> request.header("Authorization", "Bearer " + cloud.token()));
      InstancesApi api = new InstancesApi(client);
      List<Double> one = new ArrayList<>();
      List<Double> two = new ArrayList<>();
      // The first launch meets a cold JVM: it is the one that a user of the tour sees.
      double first = launch(api, 1);
      Report.print(
          "request to ready, the first of a new process",
          List.of(first),
          "s",
          ONE_AIM,
          Report.Better.LESS);
      for (int run = 0; run < runs; run++) {
        one.add(launch(api, 1));
        two.add(launch(api, 2));
      }
      Report.print("request to ready, one guest", one, "s", ONE_AIM, Report.Better.LESS);
      Report.print(
          "request to ready, two at once, the later", two, "s", TWO_AIM, Report.Better.LESS);
    }
  }

  private static double launch(InstancesApi api, int count) throws ApiException {
    long started = System.nanoTime();
    List<String> ids =
        api
            .runInstances(
                new RunInstancesRequest().image("debian-micro").type("e1.micro").count(count),
                null,
                null)
            .getInstances()
            .stream()
            .map(Instance::getId)
            .toList();
    for (String id : ids) {
      while (!String.valueOf(console(api, id)).contains(READY)) {
        LockSupport.parkNanos(20_000_000);
      }
    }
    double seconds = (System.nanoTime() - started) / 1e9;
    System.out.printf("  %d at once: %.2f s%n", count, seconds);
    for (String id : ids) {
      api.terminateInstance(id, null);
    }
    for (String id : ids) {
      api.getInstance(id, InstanceState.TERMINATED.getValue(), "30s");
    }
    return seconds;
  }

  /// Empty until the instance is on a node.
  private static String console(InstancesApi api, String id) {
    try {
      return String.valueOf(api.getConsole(id, null));
    } catch (ApiException e) {
      return "";
    }
  }
}
