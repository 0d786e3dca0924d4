package brume.node.sync;

import brume.contract.Resources;
import brume.contract.sync.NodeCredential;
import brume.contract.sync.NodeRegistration;
import brume.contract.sync.SyncRequest;
import brume.contract.sync.SyncResponse;
import brume.node.vm.MonotonicClock;
import brume.node.vm.VmTable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Keeps the node and the scheduler in step, on two lines of calls.
///
/// The *poll line* is answered when the desired set changes, or after a wait. It alone takes
/// desired sets, one call after the other, so that they come in the order in which they were made.
/// The *event line* calls at once when something happened on the node, so that a fact never waits
/// for a poll to return. Answers of both acknowledge events and renew the lease. A third thread
/// watches the lease.
///
/// These are platform threads: whatever else the machine is busy with, a lease must end in time.
public final class SchedulerLink {
  private static final Logger log = LoggerFactory.getLogger(SchedulerLink.class);
  private static final Duration REGISTRATION_MAX = Duration.ofSeconds(10);
  private static final int LEASE_LOOK_MILLIS = 50;
  private static final int QUIET_MILLIS = 100;
  private static final int OVERTAKEN_MILLIS = 20;
  private static final long NOTHING_SEEN = -1;
  private static final Duration STOP_MAX = Duration.ofMillis(200);
  private static final Duration ROUND = Duration.ofSeconds(1);

  /// @param address where compute-api reaches this node's own HTTP port
  /// @param joinToken null where the node has joined before
  /// @param waitMillisMax how long a poll waits at most; a fifth of the lease bounds it too
  /// @param retryMillisLeast and most: between two tries, evenly random
  public record Settings(
      URI scheduler,
      String name,
      String zone,
      String address,
      String accessToken,
      Resources capacity,
      @Nullable String joinToken,
      Path dataFolder,
      int waitMillisMax,
      int retryMillisLeast,
      int retryMillisMost) {}

  private final Settings settings;
  private final String bootId;
  private final VmTable table;
  private final Lease lease;
  private final MonotonicClock clock;
  private final RandomGenerator random;
  private final CredentialFile file;
  private final SchedulerClient client;
  private final Contact contact = new Contact();

  private final List<Thread> threads;
  private volatile boolean stopping;
  private volatile @Nullable NodeCredential credential;
  private volatile int leaseMillis;

  public SchedulerLink(
      Settings settings,
      String bootId,
      VmTable table,
      Lease lease,
      MonotonicClock clock,
      RandomGenerator random,
      JsonMapper json) {
    this.settings = settings;
    // What the scheduler would refuse is refused here, at the start and by name.
    var _ = registration("any");
    this.bootId = bootId;
    this.table = table;
    this.lease = lease;
    this.clock = clock;
    this.random = random;
    this.file = new CredentialFile(settings.dataFolder(), json);
    this.client = new SchedulerClient(settings.scheduler(), json);
    this.threads =
        List.of(
            thread("sync-poll", this::pollLine),
            thread("sync-events", this::eventLine),
            thread("sync-lease", this::leaseLine));
  }

  private static Thread thread(String name, Interruptible work) {
    return Thread.ofPlatform()
        .daemon()
        .name(name)
        .unstarted(() -> {
          try {
            work.run();
          } catch (InterruptedException stopped) {
            // As stop() wants it.
          }
        });
  }

  private interface Interruptible {
    void run() throws InterruptedException;
  }

  public void start() {
    threads.forEach(Thread::start);
  }

  /// Ends all lines. From now on the table has to be emptied by whoever stops the node.
  public void stop() throws InterruptedException {
    stopping = true;
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      thread.join(STOP_MAX);
    }
  }

  public void close() {
    client.close();
  }

  /// What stands between this node and its scheduler; empty when nothing does.
  public Optional<String> trouble() {
    return contact.trouble();
  }

  // ---- the lines ----

  private void pollLine() throws InterruptedException {
    while (!stopping) {
      try {
        NodeCredential own = joined();
        String known = table.knownVersion();
        long asked = clock.nanos();
        SyncResponse response =
            exchange(own, known, known == null ? 0 : waitMillis(), settings.capacity());
        var desired = response.desired();
        if (desired == null) {
          // An answer that says nothing new was worth waiting for; one that comes at once was not.
          Thread.sleep(
              Math.clamp(QUIET_MILLIS - (clock.nanos() - asked) / 1_000_000, 0, QUIET_MILLIS));
        } else if (lease.leftNanos().isPresent()) {
          table.apply(response.version(), desired);
        }
      } catch (SchedulerException | IOException failure) {
        failed(failure);
      } catch (RuntimeException | Error bug) {
        log.error("a round of the poll failed unexpectedly", bug);
        pause();
      }
    }
  }

  private void eventLine() throws InterruptedException {
    long seen = 0;
    while (!stopping) {
      try {
        seen = table.awaitNews(seen, ROUND);
        NodeCredential own = credential;
        boolean pending = table.eventsPending() > 0;
        boolean untold = table.takeUntold();
        if (own == null || !(pending || untold)) {
          continue;
        }
        long before = table.acknowledged();
        var _ = exchange(own, table.knownVersion(), 0, settings.capacity());
        if (table.eventsPending() > 0) {
          seen = NOTHING_SEEN;
          if (table.acknowledged() == before) {
            pause();
          }
        }
      } catch (SchedulerException failure) {
        seen = NOTHING_SEEN;
        failed(failure);
      } catch (RuntimeException | Error bug) {
        log.error("a round of the event line failed unexpectedly", bug);
        pause();
      }
    }
  }

  private void failed(Exception failure) throws InterruptedException {
    if (failure instanceof SchedulerException answer
        && answer.kind() == SchedulerException.Kind.OVERTAKEN) {
      Thread.sleep(OVERTAKEN_MILLIS);
    } else {
      contact.lost(failure);
      pause();
    }
  }

  private void leaseLine() throws InterruptedException {
    long roundAt = clock.nanos();
    while (!stopping) {
      Thread.sleep(LEASE_LOOK_MILLIS);
      try {
        watchLease();
        if (clock.nanos() - roundAt >= ROUND.toNanos()) {
          roundAt = clock.nanos();
          table.reconcile();
        }
      } catch (RuntimeException | Error bug) {
        log.error("a round of the lease's watch failed unexpectedly", bug);
      }
    }
  }

  /// Stops all VMs when the lease is over.
  void watchLease() {
    if (lease.justOver()) {
      log.warn("the lease is over and the scheduler does not answer: all VMs are stopped");
      table.leaseOver();
    }
  }

  /// After [#stop] and the end of every VM: tells the scheduler of the last events, and that
  /// nothing fits here any more. False when it could not be told in that time.
  public boolean tellLast(Duration most) throws InterruptedException {
    NodeCredential own = credential;
    if (own == null) {
      return true;
    }
    long end = clock.nanos() + most.toNanos();
    for (long left = most.toNanos(); left > 0; left = end - clock.nanos()) {
      try {
        var _ = exchange(own, table.knownVersion(), 0, Resources.NONE, Duration.ofNanos(left));
        if (table.eventsPending() == 0) {
          return true;
        }
      } catch (SchedulerException failure) {
        contact.lost(failure);
        Thread.sleep(QUIET_MILLIS);
      }
    }
    return false;
  }

  // ---- one exchange ----

  private SyncResponse exchange(
      NodeCredential own, @Nullable String known, int waitMillis, Resources capacity)
      throws SchedulerException, InterruptedException {
    return exchange(own, known, waitMillis, capacity, answerTime(waitMillis));
  }

  private SyncResponse exchange(
      NodeCredential own, @Nullable String known, int waitMillis, Resources capacity, Duration most)
      throws SchedulerException, InterruptedException {
    VmTable.Report report = table.report();
    SyncRequest request =
        new SyncRequest(
            bootId,
            report.monotonicNanos(),
            capacity,
            settings.address(),
            settings.accessToken(),
            report.vms(),
            report.events(),
            known,
            waitMillis);
    long sent = clock.nanos();
    SyncResponse response = client.sync(own, request, most);
    leaseMillis = response.leaseMillis();
    lease.renew(sent, response.leaseMillis());
    table.acknowledge(response.acknowledgedSequence());
    contact.made();
    return response;
  }

  /// Short enough that two polls can fail before the lease is over.
  private int waitMillis() {
    int wait = Math.min(settings.waitMillisMax(), SyncRequest.WAIT_MILLIS_MAX);
    return leaseMillis == 0 ? 0 : Math.min(wait, leaseMillis / 5);
  }

  private Duration answerTime(int waitMillis) {
    int spare = leaseMillis == 0 ? 5_000 : Math.clamp(leaseMillis / 5, 250, 10_000);
    return Duration.ofMillis(waitMillis + spare);
  }

  private NodeCredential joined() throws SchedulerException, IOException, InterruptedException {
    NodeCredential own = credential;
    if (own != null) {
      return own;
    }
    Optional<NodeCredential> kept = file.read();
    if (kept.isPresent()) {
      credential = kept.get();
      log.info("node {} goes on with the credential in {}", kept.get().nodeId(), file.path());
      return kept.get();
    }
    String joinToken = settings.joinToken();
    if (joinToken == null || joinToken.isBlank()) {
      throw new SchedulerException(
          SchedulerException.Kind.REFUSED,
          "this node has not joined yet: give it a join token (brume.node.join-token)");
    }
    NodeCredential given = client.register(registration(joinToken), REGISTRATION_MAX);
    file.write(given);
    credential = given;
    log.info("joined as node {}", given.nodeId());
    return given;
  }

  private NodeRegistration registration(String joinToken) {
    return new NodeRegistration(
        joinToken, settings.name(), settings.zone(), settings.address(), settings.capacity());
  }

  private void pause() throws InterruptedException {
    if (stopping) {
      return;
    }
    int most = contact.isRefused() ? 5 * settings.retryMillisMost() : settings.retryMillisMost();
    int millis;
    synchronized (random) {
      millis = random.nextInt(settings.retryMillisLeast(), most + 1);
    }
    Thread.sleep(millis);
  }

  /// Says in the log when the scheduler is lost and found, not at each try.
  private final class Contact {
    private static final long REPEAT_NANOS = 60_000_000_000L;

    private @Nullable String trouble;
    private boolean refused;
    private long saidNanos;

    synchronized void made() {
      if (trouble != null) {
        log.info("the scheduler answers again");
      }
      trouble = null;
      refused = false;
    }

    synchronized void lost(Exception failure) {
      String before = trouble;
      String said = String.valueOf(failure.getMessage());
      refused =
          failure instanceof SchedulerException answer
              && answer.kind() == SchedulerException.Kind.REFUSED;
      trouble = refused ? "the scheduler refuses this node: " + said : said;
      if (before == null || clock.nanos() - saidNanos > REPEAT_NANOS) {
        saidNanos = clock.nanos();
        if (refused) {
          log.error(
              "the scheduler at {} refuses this node: {}. If it no longer knows the node, delete {}"
                  + " and give a new join token",
              settings.scheduler(),
              said,
              file.path());
        } else {
          log.warn("no answer from the scheduler at {}: {}", settings.scheduler(), said);
        }
      }
    }

    synchronized Optional<String> trouble() {
      return Optional.ofNullable(trouble);
    }

    synchronized boolean isRefused() {
      return refused;
    }
  }
}
