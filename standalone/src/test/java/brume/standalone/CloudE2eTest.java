package brume.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.client.ApiClient;
import brume.client.ApiException;
import brume.client.api.BillingApi;
import brume.client.api.InstancesApi;
import brume.client.api.NodesApi;
import brume.client.model.Instance;
import brume.client.model.InstanceState;
import brume.client.model.InvoiceLine;
import brume.client.model.Node;
import brume.client.model.RunInstancesRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The whole cloud in one process, as `brume up` runs it.
class CloudE2eTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void whatWasThereIsThereAgainAfterAStop() throws Exception {
    CloudOptions options = options(1, Map.of());
    String id;
    String token;
    try (Cloud cloud = Cloud.on(options).start()) {
      useTinyGuest(cloud);
      token = cloud.token();
      id = launch(cloud, 1, "kept").getFirst().getId();
      await(cloud, id, InstanceState.RUNNING);
      assertThatThrownBy(() -> Cloud.on(options))
          .isInstanceOf(StartFailure.class)
          .hasMessageContaining("a cloud already runs on")
          .hasMessageContaining("--data");
    }
    try (Cloud cloud = Cloud.on(options).start()) {
      assertThat(cloud.token()).isEqualTo(token);
      Instance again = await(cloud, id, InstanceState.RUNNING);
      assertThat(again.getName()).isEqualTo("kept");
      InvoiceLine line = line(cloud, id);
      assertThat(line.getIntervalsTotal())
          .as("one use before the stop and one after it")
          .isEqualTo(2);
      instances(cloud).terminateInstance(id, null);
      await(cloud, id, InstanceState.TERMINATED);
    }
  }

  @Test
  void aBurstOfLaunchesIsAcceptedAndNoNodeHoldsMoreThanItHas() throws Exception {
    CloudOptions options =
        options(3, Map.of("brume.node.vcpu", "16", "brume.node.memory-mib", "1024"));
    try (Cloud cloud = Cloud.on(options).start()) {
      useTinyGuest(cloud);
      ConcurrentLinkedQueue<String> accepted = new ConcurrentLinkedQueue<>();
      InstancesApi instances = instances(cloud);
      long started = System.nanoTime();
      try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
        List<Future<Boolean>> requests =
            java.util.stream.IntStream.range(0, 200)
                .mapToObj(number ->
                    clients.submit(
                        () -> accepted.add(launch(instances, 1, "b" + number).getFirst().getId())))
                .toList();
        for (Future<Boolean> request : requests) {
          request.get();
        }
      }
      System.out.printf("200 launch requests took %.1f s%n", (System.nanoTime() - started) / 1e9);
      assertThat(accepted).hasSize(200).doesNotHaveDuplicates();

      // 3 nodes of 1024 MiB hold 24 instances of 128 MiB; all others say what they wait for.
      List<Instance> all = settled(cloud, 24);
      assertThat(all).hasSize(200);
      assertThat(all)
          .filteredOn(instance -> instance.getState() == InstanceState.PENDING)
          .hasSize(176)
          .allSatisfy(instance ->
              assertThat(Objects.requireNonNull(instance.getStateReason()).getMessage())
                  .contains("128 MiB"));
      for (Node node : new NodesApi(client(cloud)).listNodes(100, null).getItems()) {
        assertThat(node.getMemoryMibUsed()).isLessThanOrEqualTo(node.getMemoryMib());
        assertThat(node.getVcpuUsed()).isLessThanOrEqualTo(node.getVcpu());
      }

      // Room appears: what waited starts by itself.
      for (Instance instance : all) {
        if (instance.getState() == InstanceState.RUNNING) {
          instances(cloud).terminateInstance(instance.getId(), null);
        }
      }
      List<Instance> next = settled(cloud, 24);
      assertThat(next)
          .filteredOn(instance -> instance.getState() == InstanceState.TERMINATED)
          .hasSize(24);
    }
  }

  @Test
  void aKernelThatIsNotOneFailsThatInstanceAloneAndSaysWhy() throws Exception {
    try (Cloud cloud = Cloud.on(options(1, Map.of())).start()) {
      useTinyGuest(cloud);
      Path bad = folder.resolve("bad-image");
      TinyGuest.source(bad);
      Files.writeString(bad.resolve("kernel"), "this is not a kernel".repeat(300));
      TinyGuest.register(cloud, "bad", "file:" + bad.toAbsolutePath());
      String good = launch(cloud, 1, "good").getFirst().getId();
      await(cloud, good, InstanceState.RUNNING);
      String id =
          instances(cloud)
              .runInstances(new RunInstancesRequest().image("bad").type("e1.nano"), null, null)
              .getInstances()
              .getFirst()
              .getId();
      Instance stopped = await(cloud, id, InstanceState.STOPPED);
      assertThat(Objects.requireNonNull(stopped.getStateReason()).getMessage()).contains("kernel");
      assertThat(await(cloud, good, InstanceState.RUNNING).getState())
          .isEqualTo(InstanceState.RUNNING);
    }
  }

  @Test
  void aPortThatIsTakenIsSaid() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CloudOptions options = new CloudOptions(folder, taken.getLocalPort(), 1, null, Map.of());
      assertThatThrownBy(() -> Cloud.on(options))
          .hasMessage(
              "port "
                  + taken.getLocalPort()
                  + " is taken by another program: choose another with --port N");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          70000 | 1  | -                                  | --port must be 0 to 65535, not 70000
          0     | 0  | -                                  | --nodes must be 1 to 16, not 0
          0     | 17 | -                                  | --nodes must be 1 to 16, not 17
          0     | 1  | mysql://u:p@h/d                    | --database must look like postgresql://
          0     | 1  | postgresql://host/db               | --database must look like postgresql://
          0     | 1  | postgresql://u:p@127.0.0.1:1/db    | could not be prepared as user u
          """)
  void wrongOptionsNameTheOptionAndTheLimit(int port, int nodes, String database, String message) {
    assertThatThrownBy(
            () -> Cloud.on(new CloudOptions(folder, port, nodes, database, Map.of())).start())
        .isInstanceOf(StartFailure.class)
        .hasMessageContaining(message);
    // Nothing is left running: the folder is free again.
    DataFolder.open(folder).close();
  }

  private CloudOptions options(int nodes, Map<String, String> overrides) {
    return new CloudOptions(folder.resolve("data"), 0, nodes, null, overrides);
  }

  private static List<Instance> launch(Cloud cloud, int count, String name) throws ApiException {
    return launch(instances(cloud), count, name);
  }

  private static List<Instance> launch(InstancesApi instances, int count, String name)
      throws ApiException {
    return instances
        .runInstances(
            new RunInstancesRequest().image("tiny").type("e1.nano").count(count).name(name),
            null,
            null)
        .getInstances();
  }

  private static Instance await(Cloud cloud, String id, InstanceState state) throws ApiException {
    long deadline = System.nanoTime() + SOON.toNanos();
    Instance seen;
    do {
      seen = instances(cloud).getInstance(id, state.getValue(), "10s");
    } while (seen.getState() != state && System.nanoTime() < deadline);
    assertThat(seen.getState()).as("%s", seen.getStateReason()).isEqualTo(state);
    return seen;
  }

  /// Every instance, once `running` of them run and the others say why they don't.
  private static List<Instance> settled(Cloud cloud, int running) throws ApiException {
    long deadline = System.nanoTime() + SOON.toNanos();
    List<Instance> all;
    boolean settled;
    do {
      LockSupport.parkNanos(300_000_000);
      all =
          instances(cloud)
              .listInstances(null, null, null, null, null, null, null, 1000, null, null, null)
              .getItems();
      long up = all.stream().filter(i -> i.getState() == InstanceState.RUNNING).count();
      settled =
          up == running
              && all.stream()
                  .filter(i -> i.getState() == InstanceState.PENDING)
                  .allMatch(i ->
                      "no_capacity".equals(Objects.requireNonNull(i.getStateReason()).getCode()));
    } while (!settled && System.nanoTime() < deadline);
    assertThat(all.stream().filter(i -> i.getState() == InstanceState.RUNNING).count())
        .isEqualTo(running);
    return all;
  }

  private static InvoiceLine line(Cloud cloud, String id) throws ApiException {
    for (int look = 0; look < 600; look++) {
      for (InvoiceLine line : new BillingApi(client(cloud)).getCurrentInvoice().getLines()) {
        if (line.getResourceId().equals(id) && line.getIntervalsTotal() == 2) {
          return line;
        }
      }
      LockSupport.parkNanos(100_000_000);
    }
    throw new AssertionError("no line with two intervals for " + id);
  }

  private static InstancesApi instances(Cloud cloud) {
    return new InstancesApi(client(cloud));
  }

  private static ApiClient client(Cloud cloud) {
    ApiClient client = new ApiClient();
    client.updateBaseUri(cloud.url());
    String token = cloud.token();
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
    return client;
  }

  private void useTinyGuest(Cloud cloud) throws IOException, SQLException {
    TinyGuest.register(cloud, "tiny", TinyGuest.source(folder.resolve("tiny-image")));
  }
}
