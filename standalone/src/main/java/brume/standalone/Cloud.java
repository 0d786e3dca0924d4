package brume.standalone;

import brume.billing.BillingApplication;
import brume.compute.ComputeApiApplication;
import brume.db.ServiceRole;
import brume.node.NodeAgentApplication;
import brume.scheduler.SchedulerApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// A running cloud: the database and the four services, each in a Spring context of its own.
///
/// ```
/// start   database → scheduler, billing, compute-api (at once) → nodes
/// stop    compute-api → nodes → billing → scheduler → database
/// ```
/// compute-api stops first so that nothing new is asked for; nodes before the scheduler so that their
/// last reports are heard.
public final class Cloud implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Cloud.class);

  private final DataFolder folder;
  private final Database database;
  private final CloudOptions options;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<ConfigurableApplicationContext> nodes = new ArrayList<>();
  private int apiPort;

  private Cloud(DataFolder folder, Database database, CloudOptions options) {
    this.folder = folder;
    this.database = database;
    this.options = options;
  }

  /// Throws [StartFailure] when something stands in the way; nothing is left running then.
  static Cloud start(CloudOptions options) {
    requireFree(options.port());
    DataFolder folder = DataFolder.open(options.data());
    Database database;
    try {
      database = Database.open(folder, options.database());
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
    Cloud cloud = new Cloud(folder, database, options);
    try {
      cloud.startServices();
      return cloud;
    } catch (RuntimeException e) {
      cloud.close();
      throw e;
    }
  }

  String url() {
    return "http://localhost:" + apiPort;
  }

  /// Of the first account's owner, who is the operator of this cloud too.
  String token() {
    return folder.secret("token");
  }

  Path data() {
    return folder.path();
  }

  private static void requireFree(int port) {
    if (port == 0) {
      return;
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new StartFailure(
          "port " + port + " is taken by another program: choose another with --port N");
    }
  }

  private void startServices() {
    // The API has to know where billing is, so billing's port is chosen before both start at once.
    int billingPort = freePort();
    var scheduler = async(() -> run(SchedulerApplication.builder(), schedulerProperties()));
    var billing =
        async(
            () ->
                run(
                    BillingApplication.builder(),
                    with(service(ServiceRole.BILLING), "server.port", billingPort)));
    var compute = async(() -> run(ComputeApiApplication.builder(), computeProperties(billingPort)));
    RuntimeException failure = null;
    for (var context : List.of(scheduler, billing, compute)) {
      try {
        opened.add(context.join());
      } catch (CompletionException e) {
        failure = e.getCause() instanceof RuntimeException cause ? cause : e;
      }
    }
    if (failure != null) {
      throw failure;
    }
    apiPort = port(compute.join());
    String schedulerUrl = "http://127.0.0.1:" + port(scheduler.join());
    IntStream.rangeClosed(1, options.nodes())
        .mapToObj(
            number ->
                async(
                    () ->
                        run(NodeAgentApplication.builder(), nodeProperties(number, schedulerUrl))))
        .toList()
        .forEach(node -> nodes.add(node.join()));
  }

  private Map<String, Object> schedulerProperties() {
    String tokens =
        IntStream.rangeClosed(1, options.nodes())
            .mapToObj(number -> folder.secret("join-node-" + number))
            .collect(Collectors.joining(","));
    return with(service(ServiceRole.SCHEDULING), "brume.scheduler.join-tokens", tokens);
  }

  private Map<String, Object> computeProperties(int billingPort) {
    Map<String, Object> properties = service(ServiceRole.COMPUTE);
    properties.put("server.port", options.port());
    properties.put("brume.billing.url", "http://127.0.0.1:" + billingPort);
    properties.put("brume.bootstrap.token", folder.secret("token"));
    return properties;
  }

  private Map<String, Object> nodeProperties(int number, String schedulerUrl) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("server.port", 0);
    properties.put("brume.node.name", "node-" + number);
    properties.put("brume.node.zone", zone(number));
    properties.put("brume.node.scheduler-url", schedulerUrl);
    properties.put("brume.node.join-token", folder.secret("join-node-" + number));
    properties.put("brume.node.data-dir", folder.path().resolve("node-" + number));
    properties.put("brume.node.share", "1/" + options.nodes());
    return properties;
  }

  /// Nodes stand in zones a, b and c in turn, so that spreading shows on a laptop too.
  private static String zone(int number) {
    return String.valueOf((char) ('a' + (number - 1) % 3));
  }

  private Map<String, Object> service(ServiceRole role) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("server.port", 0);
    properties.put("spring.datasource.url", database.url());
    properties.put("spring.datasource.username", role.roleName());
    properties.put("spring.datasource.password", database.servicePassword());
    return properties;
  }

  private static Map<String, Object> with(
      Map<String, Object> properties, String name, Object value) {
    properties.put(name, value);
    return properties;
  }

  private ConfigurableApplicationContext run(
      SpringApplicationBuilder builder, Map<String, Object> properties) {
    properties.putAll(options.overrides());
    String[] arguments =
        properties.entrySet().stream()
            .map(entry -> "--" + entry.getKey() + "=" + entry.getValue())
            .toArray(String[]::new);
    return builder.registerShutdownHook(false).run(arguments);
  }

  private static CompletableFuture<ConfigurableApplicationContext> async(
      Supplier<ConfigurableApplicationContext> start) {
    CompletableFuture<ConfigurableApplicationContext> future = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                future.complete(start.get());
              } catch (RuntimeException e) {
                future.completeExceptionally(e);
              }
            });
    return future;
  }

  private static int port(ConfigurableApplicationContext context) {
    return Integer.parseInt(
        String.valueOf(context.getEnvironment().getProperty("local.server.port")));
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new StartFailure("no free port on loopback: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    // Opened in the order scheduler, billing, compute-api: stopped the other way, the nodes between.
    if (opened.size() == 3) {
      quietly(opened.removeLast());
    }
    nodes.stream().map(node -> closing(node)).toList().forEach(CompletableFuture::join);
    nodes.clear();
    opened.reversed().forEach(Cloud::quietly);
    opened.clear();
    quietly(database);
    quietly(folder);
  }

  private static CompletableFuture<Void> closing(AutoCloseable node) {
    return CompletableFuture.runAsync(
        () -> quietly(node), command -> Thread.ofVirtual().start(command));
  }

  /// One part that fails to stop must not keep the others from stopping.
  private static void quietly(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      LOG.warn("{} did not stop cleanly", part, e);
    }
  }
}
