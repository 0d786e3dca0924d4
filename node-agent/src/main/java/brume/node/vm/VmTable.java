package brume.node.vm;

import brume.contract.EndCause;
import brume.contract.VmState;
import brume.contract.sync.DesiredVm;
import brume.contract.sync.SyncRequest;
import brume.contract.sync.VmCounters;
import brume.contract.sync.VmEvent;
import brume.contract.sync.VmReport;
import brume.node.capacity.Admission;
import brume.node.capacity.MemoryProbe;
import brume.node.hypervisor.ConsoleRing;
import brume.node.hypervisor.GuestSpec;
import brume.node.hypervisor.Hypervisor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every VM of this node, at most one for an instance, and what is desired of them. Each change of
/// a VM becomes an event in the same moment, so a report is always of one instant.
public final class VmTable {
  private static final Logger log = LoggerFactory.getLogger(VmTable.class);

  /// Of VMs that ended: how many keep their console, and for how long.
  static final int CONSOLES_KEPT_MAX = 64;

  private static final int ENDED_KEPT_MAX = 1_000;
  private static final Duration CUT_MAX = Duration.ofSeconds(1);

  /// @param grace how long a guest may take to power off when it is asked
  /// @param consoleKept how long the console of a VM that ended can be read here
  public record Settings(Admission admission, Duration grace, Duration consoleKept) {}

  /// What the scheduler is told: all of it is of one instant.
  public record Report(long monotonicNanos, List<VmReport> vms, List<VmEvent> events) {}

  private final Hypervisor hypervisor;
  private final ImagePreparation images;
  private final MemoryProbe memory;
  private final MonotonicClock clock;
  private final VmWatcher watcher;
  private final Settings settings;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Condition fewer = lock.newCondition();
  private final Map<String, NodeVm> live = new LinkedHashMap<>();
  private final Map<String, EndedVm> ended = new LinkedHashMap<>();
  private final EventLog events = new EventLog();
  private @Nullable DesiredSet desired;
  private long newsCount;
  private boolean untold;
  private boolean closed;

  public VmTable(
      Hypervisor hypervisor,
      MemoryProbe memory,
      MonotonicClock clock,
      VmWatcher watcher,
      Settings settings) {
    this.hypervisor = hypervisor;
    this.images = new ImagePreparation(hypervisor);
    this.memory = memory;
    this.clock = clock;
    this.watcher = watcher;
    this.settings = settings;
  }

  private record DesiredSet(String version, List<DesiredVm> vms) {}

  /// A VM that is over, or was never here. Its epoch is not started again.
  ///
  /// @param endOrdinal of the event that tells of it
  private record EndedVm(
      HeldVm held,
      boolean wasHere,
      VmCounters counters,
      @Nullable ConsoleRing console,
      long endOrdinal,
      long endedAtNanos) {
    EndedVm withoutConsole() {
      return new EndedVm(held, wasHere, counters, null, endOrdinal, endedAtNanos);
    }
  }

  // ---- what is desired ----

  /// Takes a whole desired set. Sets must come in the order in which they were made.
  public void apply(String version, List<DesiredVm> newSet) {
    DesiredSet whole = new DesiredSet(version, newSet.stream().filter(VmTable::isNamed).toList());
    locked(() -> desired = whole);
    reconcile();
  }

  /// What has no name can't even be reported as failed; all else is checked when it is launched.
  private static boolean isNamed(DesiredVm one) {
    boolean named =
        one.instanceId() != null
            && GuestSpec.INSTANCE_ID.matcher(one.instanceId()).matches()
            && one.epoch() > 0
            && one.generation() > 0
            && one.intent() != null;
    if (!named) {
      log.error("passed over, as it names no VM that could be: instance {}", one.instanceId());
    }
    return named;
  }

  /// Null before the first desired set, and after the lease was over.
  public @Nullable String knownVersion() {
    return lockedGet(() -> desired == null ? null : desired.version());
  }

  /// One round of moving facts toward intent. Cheap when there is nothing to do.
  public void reconcile() {
    long available = memory.availableBytes();
    List<NodeVm> launched = new ArrayList<>();
    locked(() -> {
      forgetOldEnds();
      if (desired == null || closed) {
        return;
      }
      Map<String, HeldVm> held = new HashMap<>();
      ended.forEach((id, vm) -> held.put(id, vm.held()));
      live.forEach((id, vm) -> held.put(id, vm.held()));
      for (Step step : Reconciliation.steps(desired.vms(), held)) {
        take(step, available, launched);
      }
    });
    for (NodeVm vm : launched) {
      Thread.ofVirtual().name("vm " + vm.spec.instanceId()).start(vm::live);
    }
  }

  private void take(Step step, long available, List<NodeVm> launched) {
    switch (step) {
      case Step.Launch(DesiredVm one) -> launch(one, available, launched);
      case Step.Adopt(String id, long generation) -> {
        present(id).adopt(generation);
        changedSilently();
      }
      case Step.Reboot(String id, long generation, long reboots) -> {
        present(id).reboot(generation, reboots);
        changedSilently();
      }
      case Step.ShutDown(String id, long generation) ->
          present(id).end(Ending.inGoodOrder(), generation);
      case Step.Cut(String id, long generation, String reason) ->
          present(id).end(Ending.cut(reason), generation);
      case Step.ReportAbsent(DesiredVm one) ->
          absent(one, VmState.GONE, EndCause.REQUESTED, "it was not running on the node");
    }
  }

  private NodeVm present(String instanceId) {
    NodeVm vm = live.get(instanceId);
    if (vm == null) {
      throw new IllegalStateException("a step for " + instanceId + ", which is not here");
    }
    return vm;
  }

  private void launch(DesiredVm one, long available, List<NodeVm> launched) {
    GuestSpec spec;
    try {
      spec = specOf(one);
    } catch (IllegalArgumentException | NullPointerException invalid) {
      absent(one, VmState.FAILED, EndCause.GUEST_FAILURE, "can't be run: " + invalid.getMessage());
      return;
    }
    NodeVm vm = new NodeVm(this, spec, one.generation(), one.reboots());
    List<Admission.Share> running = new ArrayList<>();
    for (NodeVm other : live.values()) {
      running.add(new Admission.Share(other.promised(), other.counters().memoryTouchedBytes()));
    }
    String refusal =
        live.size() >= SyncRequest.VMS_MAX
            ? "the node runs " + live.size() + " VMs, and no more than that"
            : settings.admission().refusal(vm.promised(), running, available);
    if (refusal != null) {
      log.warn("{}: refused: {}", one.instanceId(), refusal);
      absent(one, VmState.FAILED, EndCause.NODE_REFUSED, refusal);
      return;
    }
    live.put(one.instanceId(), vm);
    launched.add(vm);
    tell(vm, VmState.STARTING, now(), null, null);
  }

  private static GuestSpec specOf(DesiredVm one) {
    return new GuestSpec(
        one.instanceId(),
        one.epoch(),
        one.vcpu(),
        one.memoryMib(),
        one.baselinePercent(),
        one.imageSource(),
        one.hostname(),
        one.userDataBase64());
  }

  /// The end of a VM that never came to be.
  private void absent(DesiredVm one, VmState state, EndCause cause, String reason) {
    long sequence =
        events.add(
            new EventLog.Fact(
                one.instanceId(), one.epoch(), one.generation(), state, now(), cause, reason),
            null);
    HeldVm held =
        new HeldVm(one.instanceId(), one.epoch(), one.generation(), one.reboots(), state, true);
    remember(new EndedVm(held, false, VmCounters.ZERO, null, sequence, now()));
    signalNews();
  }

  // ---- what happened ----

  /// Called by a VM with the lock held.
  void tell(
      NodeVm vm, VmState state, long atNanos, @Nullable EndCause cause, @Nullable String reason) {
    var _ = fact(vm, state, atNanos, cause, reason, null);
  }

  private long fact(
      NodeVm vm,
      VmState state,
      long atNanos,
      @Nullable EndCause cause,
      @Nullable String reason,
      EventLog.@Nullable Last last) {
    log.info(
        "{}: {}{}{}",
        vm.spec.instanceId(),
        state,
        cause == null ? "" : ", " + cause,
        reason == null ? "" : ": " + reason);
    GuestSpec spec = vm.spec;
    long sequence =
        events.add(
            new EventLog.Fact(
                spec.instanceId(), spec.epoch(), vm.generation(), state, atNanos, cause, reason),
            last);
    signalNews();
    return sequence;
  }

  /// Called by a VM with the lock held, when nothing of it is left.
  void ended(NodeVm vm, long atNanos, VmPhase.End end) {
    ConsoleRing console = vm.output();
    byte[] tail = null;
    if (console != null) {
      console.finish();
      tail = console.tail(VmEvent.CONSOLE_BYTES_MAX);
    }
    EventLog.Last last = new EventLog.Last(vm.counters(), tail);
    long sequence = fact(vm, end.state(), atNanos, end.cause(), end.reason(), last);
    live.remove(vm.spec.instanceId(), vm);
    remember(new EndedVm(vm.held(), true, vm.counters(), console, sequence, now()));
    fewer.signalAll();
  }

  private void remember(EndedVm vm) {
    ended.remove(vm.held().instanceId());
    ended.put(vm.held().instanceId(), vm);
  }

  private void forgetOldEnds() {
    Map<String, Long> named = new HashMap<>();
    for (DesiredVm one :
        desired == null || ended.isEmpty() ? List.<DesiredVm>of() : desired.vms()) {
      named.put(one.instanceId(), one.epoch());
    }
    long consoleNanos = settings.consoleKept().toNanos();
    int consoles = 0;
    int unneeded = 0;
    for (EndedVm vm : List.copyOf(ended.values()).reversed()) {
      String id = vm.held().instanceId();
      boolean young = now() - vm.endedAtNanos() < consoleNanos;
      boolean stillNamed = named.getOrDefault(id, Long.MIN_VALUE) == vm.held().epoch();
      if (vm.console() != null && (!young || ++consoles > CONSOLES_KEPT_MAX)) {
        ended.replace(id, vm.withoutConsole());
      }
      if (!stillNamed && desired != null && vm.endOrdinal() <= events.acknowledgedOrdinal()) {
        unneeded++;
        if (!young || unneeded > ENDED_KEPT_MAX) {
          ended.remove(id);
        }
      }
    }
  }

  /// A change that only the list of VMs shows, and no event.
  private void changedSilently() {
    untold = true;
    signalNews();
  }

  /// Whether the list of VMs changed in a way that no event tells, since this was last asked.
  public boolean takeUntold() {
    return lockedGet(() -> {
      boolean was = untold;
      untold = false;
      return was;
    });
  }

  private void signalNews() {
    newsCount++;
    news.signalAll();
  }

  // ---- reports ----

  public Report report() {
    List<NodeVm> all = lockedGet(() -> List.copyOf(live.values()));
    all.forEach(NodeVm::sample);
    return lockedGet(() -> {
      EventLog.Batch batch = events.batch(SyncRequest.EVENTS_MAX);
      List<VmReport> vms = new ArrayList<>();
      live.values().forEach(vm -> vms.add(reportOf(vm.held(), vm.counters())));
      // What is left out counts as gone, which would come before its end was told.
      for (EndedVm vm : ended.values()) {
        HeldVm held = vm.held();
        if (vm.wasHere()
            && vm.endOrdinal() > batch.throughOrdinal()
            && !live.containsKey(held.instanceId())) {
          HeldVm ending =
              new HeldVm(
                  held.instanceId(),
                  held.epoch(),
                  held.generation(),
                  held.reboots(),
                  VmState.STOPPING,
                  true);
          vms.add(reportOf(ending, vm.counters()));
        }
      }
      return new Report(now(), vms, batch.events());
    });
  }

  private static VmReport reportOf(HeldVm vm, VmCounters counters) {
    return new VmReport(
        vm.instanceId(), vm.epoch(), vm.generation(), vm.reboots(), vm.state(), counters);
  }

  public void acknowledge(long sequence) {
    locked(() -> events.acknowledge(sequence));
  }

  /// Grows with each event that was acknowledged.
  public long acknowledged() {
    return lockedGet(events::acknowledgedOrdinal);
  }

  public int eventsPending() {
    return lockedGet(events::size);
  }

  /// Waits until something happened that was not known at `seen`, which an earlier call returned (0
  /// at first), or until the time is over.
  public long awaitNews(long seen, Duration most) throws InterruptedException {
    return lockedWait(() -> {
      long left = most.toNanos();
      while (newsCount == seen && left > 0) {
        left = news.awaitNanos(left);
      }
      return newsCount;
    });
  }

  // ---- the end of all ----

  /// Cuts every VM at once, and starts none before a new desired set comes.
  public void leaseOver() {
    locked(() -> {
      desired = null;
      List.copyOf(live.values()).forEach(vm -> vm.end(Ending.leaseOver(), vm.generation()));
    });
  }

  /// Asks every guest to power off, and starts none any more. Those that have not ended in that
  /// time are cut off.
  public void close(Duration patience) throws InterruptedException {
    locked(() -> {
      closed = true;
      List.copyOf(live.values()).forEach(vm -> vm.end(Ending.agentStops(), vm.generation()));
    });
    if (!awaitNone(patience)) {
      locked(() ->
          List.copyOf(live.values())
              .forEach(vm -> vm.end(Ending.agentStops().hurried(), vm.generation())));
      if (!awaitNone(CUT_MAX)) {
        log.error("{} VMs could not be ended", count().values());
      }
    }
  }

  private boolean awaitNone(Duration most) throws InterruptedException {
    return lockedWait(() -> {
      long left = most.toNanos();
      while (!live.isEmpty() && left > 0) {
        left = fewer.awaitNanos(left);
      }
      return live.isEmpty();
    });
  }

  // ---- what can be seen ----

  public Map<VmState, Integer> count() {
    return lockedGet(() -> {
      Map<VmState, Integer> count = new EnumMap<>(VmState.class);
      live.values().forEach(vm -> count.merge(vm.state(), 1, Integer::sum));
      return count;
    });
  }

  /// The console of an instance's VM, also for some time after its end.
  public Optional<VmConsole> console(String instanceId) {
    return lockedGet(() -> {
      NodeVm vm = live.get(instanceId);
      if (vm != null) {
        return Optional.of(vm.console());
      }
      EndedVm over = ended.get(instanceId);
      return over == null || over.console() == null
          ? Optional.empty()
          : Optional.of(new VmConsole(over.held().epoch(), over.console(), null));
    });
  }

  // ---- for the VMs ----

  Hypervisor hypervisor() {
    return hypervisor;
  }

  ImagePreparation images() {
    return images;
  }

  VmWatcher watcher() {
    return watcher;
  }

  long graceNanos() {
    return settings.grace().toNanos();
  }

  long now() {
    return clock.nanos();
  }

  Condition newCondition() {
    return lock.newCondition();
  }

  void locked(Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  <T extends @Nullable Object> T lockedGet(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /// Work that may wait for a condition.
  interface Waiting<T extends @Nullable Object> {
    T get() throws InterruptedException;
  }

  <T extends @Nullable Object> T lockedWait(Waiting<T> work) throws InterruptedException {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }
}
