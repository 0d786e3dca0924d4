package brume.node.sync;

import brume.contract.VmState;
import brume.contract.sync.DesiredVm;
import brume.contract.sync.NodeCredential;
import brume.contract.sync.NodeRegistration;
import brume.contract.sync.SyncRequest;
import brume.contract.sync.SyncResponse;
import brume.contract.sync.VmEvent;
import brume.contract.sync.VmReport;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;

/// The scheduler's two calls on a real port, as strict as the real one about sequence numbers and
/// late reports, and as ill-behaved as a test makes it.
public final class FakeScheduler implements AutoCloseable {
  public static final String JOIN_TOKEN = "join-me";
  public static final String SECRET = "a secret";

  /// What happens to a call before or after the scheduler took it in.
  public enum Mishap {
    NONE,
    /// The connection breaks before anything was read.
    LOST_REQUEST,
    /// The report is taken in, and the answer never comes.
    LOST_ANSWER,
    /// 503, and nothing is taken in.
    ERROR,
    /// 200 with half an answer.
    GARBAGE,
    /// The report is taken in twice.
    TWICE
  }

  private final JsonMapper json = JsonMapper.builder().build();
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private final List<NodeRegistration> registrations = new ArrayList<>();
  private final List<VmEvent> events = new ArrayList<>();
  private final Map<String, DesiredVm> desired = new LinkedHashMap<>();
  private List<VmReport> vms = List.of();
  private SyncRequest lastRequest;
  private String bootId = "";
  private long acknowledged;
  private long lastMonotonic;
  private long version;
  private int stale;
  private int calls;
  private int leaseMillis = 2_000;
  private boolean knowsNode = true;
  private MishapSource mishaps = call -> Mishap.NONE;

  /// Which mishap meets the n-th call.
  public interface MishapSource {
    Mishap of(int call);
  }

  public FakeScheduler() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  // ---- what a test sets ----

  public synchronized void desire(DesiredVm one) {
    desired.put(one.instanceId(), one);
    version++;
    notifyAll();
  }

  public synchronized void forget(String instanceId) {
    desired.remove(instanceId);
    version++;
    notifyAll();
  }

  public synchronized void mishaps(MishapSource source) {
    mishaps = source;
  }

  public synchronized void leaseMillis(int millis) {
    leaseMillis = millis;
  }

  public synchronized void knowsNode(boolean knows) {
    knowsNode = knows;
  }

  // ---- what a test sees ----

  public synchronized List<VmEvent> events() {
    return List.copyOf(events);
  }

  public synchronized List<VmReport> vms() {
    return vms;
  }

  public synchronized List<NodeRegistration> registrations() {
    return List.copyOf(registrations);
  }

  public synchronized SyncRequest lastRequest() {
    return lastRequest;
  }

  public synchronized int calls() {
    return calls;
  }

  public synchronized int stale() {
    return stale;
  }

  public List<VmState> statesOf(String instanceId) {
    return events().stream()
        .filter(event -> event.instanceId().equals(instanceId))
        .map(VmEvent::state)
        .toList();
  }

  public VmEvent awaitEvent(String instanceId, VmState state) {
    Predicate<VmEvent> wanted = e -> e.instanceId().equals(instanceId) && e.state() == state;
    await(instanceId + " " + state, () -> events().stream().anyMatch(wanted));
    return events().stream().filter(wanted).findFirst().orElseThrow();
  }

  public static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited 15 s in vain: " + what);
      }
      try {
        Thread.sleep(2);
      } catch (InterruptedException stopped) {
        throw new AssertionError(stopped);
      }
    }
  }

  // ---- the calls ----

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      if (path.equals("/nodes")) {
        register(exchange, json.readValue(body, NodeRegistration.class));
      } else {
        sync(exchange, json.readValue(body, SyncRequest.class));
      }
    }
  }

  private synchronized void register(HttpExchange exchange, NodeRegistration registration) {
    if (!registration.joinToken().equals(JOIN_TOKEN) || !registrations.isEmpty()) {
      problem(exchange, 409, "join_token_used", "ask the operator for another");
      return;
    }
    registrations.add(registration);
    answer(exchange, 201, new NodeCredential("node-00000000000000001", SECRET));
  }

  private void sync(HttpExchange exchange, SyncRequest request) {
    Mishap mishap;
    synchronized (this) {
      calls++;
      mishap = mishaps.of(calls);
      boolean known =
          knowsNode
              && ("Bearer " + SECRET)
                  .equals(exchange.getRequestHeaders().getFirst("Authorization"));
      if (!known) {
        problem(exchange, 401, "unauthenticated", "send the secret that the node got");
        return;
      }
      if (mishap == Mishap.LOST_REQUEST) {
        return;
      }
      if (mishap == Mishap.ERROR) {
        problem(exchange, 503, "unavailable", "the database does not answer");
        return;
      }
      if (!accept(exchange, request)) {
        return;
      }
      if (mishap == Mishap.TWICE && !request.events().isEmpty()) {
        request.events().forEach(this::take);
      }
      awaitNews(request);
      boolean same = Long.toString(version).equals(request.knownVersion());
      SyncResponse response =
          new SyncResponse(
              acknowledged,
              leaseMillis,
              Long.toString(version),
              same ? null : List.copyOf(desired.values()));
      if (mishap == Mishap.LOST_ANSWER) {
        return;
      }
      if (mishap == Mishap.GARBAGE) {
        send(
            exchange,
            200,
            "{\"acknowledgedSequence\": 1, \"lease".getBytes(StandardCharsets.UTF_8));
        return;
      }
      answer(exchange, 200, response);
    }
  }

  private boolean accept(HttpExchange exchange, SyncRequest request) {
    if (!request.bootId().equals(bootId)) {
      bootId = request.bootId();
      acknowledged = 0;
    } else if (request.monotonicNanos() <= lastMonotonic) {
      stale++;
      problem(exchange, 409, "stale_report", "a newer report was accepted already");
      return false;
    }
    for (VmEvent event : request.events()) {
      if (event.sequence() > acknowledged + 1) {
        problem(exchange, 409, "event_gap", "the next event is " + (acknowledged + 1));
        return false;
      }
      take(event);
    }
    lastMonotonic = request.monotonicNanos();
    vms = request.vms();
    lastRequest = request;
    return true;
  }

  private void take(VmEvent event) {
    if (event.sequence() > acknowledged) {
      acknowledged = event.sequence();
      events.add(event);
    }
  }

  private void awaitNews(SyncRequest request) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(request.waitMillis());
    try {
      long left = end - System.nanoTime();
      while (Long.toString(version).equals(request.knownVersion()) && left > 0) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
        left = end - System.nanoTime();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void problem(HttpExchange exchange, int status, String code, String detail) {
    answer(exchange, status, Map.of("status", status, "code", code, "detail", detail));
  }

  private void answer(HttpExchange exchange, int status, Object body) {
    send(exchange, status, json.writeValueAsBytes(body));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) {
    try {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
