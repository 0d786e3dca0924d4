package brume.standalone;

import brume.client.ApiClient;
import brume.client.api.BillingApi;
import brume.client.api.InstancesApi;
import brume.client.api.NodesApi;
import brume.db.LoopbackPort;
import brume.db.ServiceRole;
import brume.db.TestDatabase;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The cloud as separate processes on loopback, over one database: what docker-compose.yml runs,
/// without Docker.
final class Fleet implements AutoCloseable {
  static final String TOKEN = "brume_the-first-token-of-a-test";

  final TestDatabase database = TestDatabase.fresh();
  final ServiceProcess compute;
  final ServiceProcess scheduler;
  final ServiceProcess billing;
  final List<ServiceProcess> nodes = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final String url;

  /// @param node properties of each node agent beside those that make it one of this fleet
  Fleet(Path folder, int nodeCount, Map<String, String> node) throws IOException {
    int computePort = LoopbackPort.free();
    int schedulerPort = LoopbackPort.free();
    int billingPort = LoopbackPort.free();
    url = "http://127.0.0.1:" + computePort;
    Path logs = Files.createDirectories(folder.resolve("logs"));
    List<String> joinTokens = new ArrayList<>();
    for (int number = 1; number <= nodeCount; number++) {
      joinTokens.add("join-token-" + number);
      Map<String, String> properties = new LinkedHashMap<>(node);
      int port = LoopbackPort.free();
      properties.put("brume.node.name", "node-" + number);
      properties.put("brume.node.zone", number % 2 == 0 ? "b" : "a");
      properties.put("brume.node.scheduler-url", "http://127.0.0.1:" + schedulerPort);
      properties.put("brume.node.join-token", "join-token-" + number);
      properties.put("brume.node.data-dir", folder.resolve("node-" + number).toString());
      nodes.add(new ServiceProcess("brume.node.NodeAgentApplication", port, properties, logs));
    }
    Map<String, String> computeProperties = service(ServiceRole.COMPUTE);
    computeProperties.put("brume.billing.url", "http://127.0.0.1:" + billingPort);
    computeProperties.put("brume.bootstrap.token", TOKEN);
    compute =
        new ServiceProcess(
            "brume.compute.ComputeApiApplication", computePort, computeProperties, logs);
    Map<String, String> schedulerProperties = service(ServiceRole.SCHEDULING);
    schedulerProperties.put("brume.scheduler.join-tokens", String.join(",", joinTokens));
    scheduler =
        new ServiceProcess(
            "brume.scheduler.SchedulerApplication", schedulerPort, schedulerProperties, logs);
    billing =
        new ServiceProcess(
            "brume.billing.BillingApplication", billingPort, service(ServiceRole.BILLING), logs);
  }

  void start() {
    List<ServiceProcess> services = List.of(scheduler, billing, compute);
    services.forEach(ServiceProcess::start);
    services.forEach(service -> service.awaitHealthy(http));
    nodes.forEach(ServiceProcess::start);
    nodes.forEach(node -> node.awaitHealthy(http));
  }

  List<ServiceProcess> all() {
    List<ServiceProcess> all = new ArrayList<>(List.of(compute, scheduler, billing));
    all.addAll(nodes);
    return all;
  }

  void awaitHealthy() {
    all().forEach(service -> service.awaitHealthy(http));
  }

  String url() {
    return url;
  }

  InstancesApi instances() {
    return new InstancesApi(client());
  }

  BillingApi billingApi() {
    return new BillingApi(client());
  }

  NodesApi nodesApi() {
    return new NodesApi(client());
  }

  private ApiClient client() {
    ApiClient client = new ApiClient();
    client.updateBaseUri(url);
    client.setConnectTimeout(Duration.ofSeconds(2));
    client.setReadTimeout(Duration.ofSeconds(30));
    client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + TOKEN));
    return client;
  }

  private Map<String, String> service(ServiceRole role) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("spring.datasource.url", database.url());
    properties.put("spring.datasource.username", role.roleName());
    properties.put("spring.datasource.password", TestDatabase.PASSWORD);
    return properties;
  }

  @Override
  public void close() {
    // Nodes first: what they say as they stop should still be heard.
    nodes.forEach(ServiceProcess::close);
    List.of(compute, billing, scheduler).forEach(ServiceProcess::close);
  }
}
