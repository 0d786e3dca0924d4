package brume.standalone;

import brume.billing.BillingApplication;
import brume.compute.ComputeApiApplication;
import brume.db.LoopbackPort;
import brume.db.ServiceRole;
import brume.node.NodeAgentApplication;
import brume.scheduler.SchedulerApplication;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
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
///
/// compute-api stops first so that nothing new is asked for; nodes before the scheduler so that
/// their last reports are heard.
public final class Cloud implements AutoCloseable {
  static {
    // Each context setting up logging anew would race with the others, through system properties
    // and Logback's one context: whoever starts a cloud in a process sets logging up, once.
    System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
  }

  private static final Logger LOG = LoggerFactory.getLogger(Cloud.class);

  private final DataFolder folder;
  private final CloudOptions options;
  // Written while the cloud starts and read when it stops, which a Ctrl-C may do in the middle.
  private final List<ConfigurableApplicationContext> services = new CopyOnWriteArrayList<>();
  private final List<ConfigurableApplicationContext> nodes = new CopyOnWriteArrayList<>();
  private final AtomicReference<@Nullable Database> database = new AtomicReference<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private int apiPort;

  private Cloud(DataFolder folder, CloudOptions options) {
    this.folder = folder;
    this.options = options;
  }

  /// Takes the data folder; nothing runs yet. Throws [StartFailure] when something stands in the
  /// way.
  public static Cloud on(CloudOptions options) {
    requireFree(options.port());
    return new Cloud(DataFolder.open(options.data()), options);
  }

  /// Throws [StartFailure] when something stands in the way; nothing is left running then.
  public Cloud start() {
    try {
      Database opened = Database.open(folder, options.database());
      database.set(opened);
      startServices(opened);
      folder.publish(url());
      return this;
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  public String url() {
    return "http://localhost:" + apiPort;
  }

  /// Of the first account's owner, who is the operator of this cloud too.
  public String token() {
    return folder.secret("token");
  }

  /// Of the same owner, for clients of the EC2 door.
  public String accessKeyId() {
    return folder.accessKey()[0];
  }

  public String secretAccessKey() {
    return folder.accessKey()[1];
  }

  /// Null while the cloud is not up.
  @Nullable Database database() {
    return database.get();
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

  private void startServices(Database database) {
    // The API has to know where the others are, so their ports are chosen before all start at once.
    int billingPort = LoopbackPort.free();
    int schedulerPort = LoopbackPort.free();
    var scheduler =
        async(() ->
            run(
                SchedulerApplication.builder(),
                with(schedulerProperties(database), "server.port", schedulerPort)));
    var billing =
        async(() ->
            run(
                BillingApplication.builder(),
                with(billingProperties(database), "server.port", billingPort)));
    var compute =
        async(() ->
            run(
                ComputeApiApplication.builder(),
                with(
                    computeProperties(database, billingPort),
                    "brume.scheduler.url",
                    "http://127.0.0.1:" + schedulerPort)));
    RuntimeException failure = null;
    for (var context : List.of(scheduler, billing, compute)) {
      try {
        services.add(context.join());
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
        .mapToObj(number ->
            async(() -> run(NodeAgentApplication.builder(), nodeProperties(number, schedulerUrl))))
        .toList()
        .forEach(node -> nodes.add(node.join()));
  }

  private Map<String, Object> schedulerProperties(Database database) {
    String tokens =
        IntStream.rangeClosed(1, options.nodes())
            .mapToObj(number -> folder.secret("join-node-" + number))
            .collect(Collectors.joining(","));
    return with(service(database, ServiceRole.SCHEDULING), "brume.scheduler.join-tokens", tokens);
  }

  private Map<String, Object> billingProperties(Database database) {
    return with(
        service(database, ServiceRole.BILLING),
        "brume.encryption.keys",
        folder.secret("encryption-key"));
  }

  private Map<String, Object> computeProperties(Database database, int billingPort) {
    Map<String, Object> properties = service(database, ServiceRole.COMPUTE);
    properties.put("server.port", options.port());
    properties.put("brume.billing.url", "http://127.0.0.1:" + billingPort);
    properties.put("brume.bootstrap.token", folder.secret("token"));
    properties.put("brume.bootstrap.access-key-id", accessKeyId());
    properties.put("brume.bootstrap.secret-access-key", secretAccessKey());
    properties.put("brume.encryption.keys", folder.secret("encryption-key"));
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
    if (options.nodes() > 1) {
      // What one node would offer of this machine, shared between them.
      var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
      long memoryMib = (machine.getTotalMemorySize() >> 20) * 6 / 10 / options.nodes();
      int vcpu = machine.getAvailableProcessors() * 4 / options.nodes();
      properties.put("brume.node.memory-mib", memoryMib);
      properties.put("brume.node.vcpu", Math.max(1, vcpu));
    }
    return properties;
  }

  /// Nodes stand in zones a, b and c in turn, so that spreading shows on a laptop too.
  private static String zone(int number) {
    return String.valueOf((char) ('a' + (number - 1) % 3));
  }

  private static Map<String, Object> service(Database database, ServiceRole role) {
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
        .start(() -> {
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

  /// Idempotent; also in the middle of a start.
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    // In the order scheduler, billing, compute-api: stopped the other way round, the nodes between.
    List<ConfigurableApplicationContext> backwards = services.reversed();
    backwards.stream().limit(services.size() == 3 ? 1 : 0).forEach(Cloud::quietly);
    nodes.stream().map(Cloud::closing).toList().forEach(CompletableFuture::join);
    backwards.stream().skip(services.size() == 3 ? 1 : 0).forEach(Cloud::quietly);
    Database opened = database.get();
    if (opened != null) {
      quietly(opened);
    }
    folder.unpublish();
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
