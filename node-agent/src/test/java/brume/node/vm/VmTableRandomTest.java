package brume.node.vm;

import static org.assertj.core.api.Assertions.assertThat;

import brume.contract.Intent;
import brume.contract.VmState;
import brume.contract.sync.DesiredVm;
import brume.contract.sync.VmEvent;
import brume.node.capacity.MemoryProbe;
import brume.node.hypervisor.GuestSpec;
import brume.node.hypervisor.SimulatedHypervisor;
import brume.node.sync.FakeScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random histories of desired sets, guests that end by themselves, lost leases and late
/// acknowledgements, judged at the end and on all that was told. The seed is the test's name; give
/// one back with `-Dbrume.seed=N`.
class VmTableRandomTest {
  private static final int INSTANCES = 12;
  private static final int OPERATIONS = 400;

  private final SimulatedHypervisor hypervisor = new SimulatedHypervisor();
  private final VmTable table =
      VmTableTest.table(hypervisor, new Boundless(), Duration.ofMillis(5));
  private final Map<String, DesiredVm> desired = new HashMap<>();
  private final List<VmEvent> told = new ArrayList<>();
  private long lastEpoch;
  private int version;

  private record Boundless() implements MemoryProbe {
    @Override
    public long totalBytes() {
      return Long.MAX_VALUE;
    }

    @Override
    public long availableBytes() {
      return Long.MAX_VALUE;
    }
  }

  static LongStream seeds() {
    Long given = Long.getLong("brume.seed");
    return given != null ? LongStream.of(given) : LongStream.range(1, 13);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void convergesAndTellsEachEndOnce(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < OPERATIONS; i++) {
      operation(random);
    }
    apply();
    FakeScheduler.await("convergence, seed " + seed, this::hasConverged);
    hear(Integer.MAX_VALUE);
    checkHistory();
  }

  private void operation(Random random) {
    String id = "i-%017x".formatted(random.nextInt(INSTANCES) + 1);
    DesiredVm current = desired.get(id);
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> want(id, current, Intent.RUN, current == null || random.nextInt(4) == 0);
      case 3 -> want(id, current, Intent.STOP, false);
      case 4 ->
          want(id, current, random.nextBoolean() ? Intent.TERMINATE : Intent.HIBERNATE, false);
      case 5 -> desired.remove(id);
      case 6 -> hypervisor.powerOff(id);
      case 7 -> hypervisor.fail(id, "broken on purpose");
      case 8 -> hypervisor.deafen(id);
      case 9 -> hear(random.nextInt(50));
      case 10 -> rebootOrLoseLease(random, id, current);
      default -> settle(random);
    }
    if (random.nextInt(3) > 0) {
      apply();
    }
  }

  private void want(String id, DesiredVm current, Intent intent, boolean anew) {
    boolean fresh = anew || current == null;
    lastEpoch += fresh ? 1 : 0;
    desired.put(
        id,
        new DesiredVm(
            id,
            fresh ? lastEpoch : current.epoch(),
            current == null ? 1 : current.generation() + 1,
            intent,
            current == null ? 0 : current.reboots(),
            1,
            64,
            10,
            "builtin:debian-micro",
            "host",
            null));
  }

  private void rebootOrLoseLease(Random random, String id, DesiredVm current) {
    if (random.nextInt(4) == 0) {
      table.leaseOver();
    } else if (current != null) {
      desired.put(
          id,
          new DesiredVm(
              id,
              current.epoch(),
              current.generation(),
              current.intent(),
              current.reboots() + 1,
              1,
              64,
              10,
              current.imageSource(),
              "host",
              null));
    }
  }

  private static void settle(Random random) {
    try {
      Thread.sleep(random.nextInt(3));
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  private void apply() {
    version++;
    table.apply("v" + version, List.copyOf(desired.values()));
  }

  /// Takes reports in as the scheduler does: each event once, in order, no gap.
  private void hear(int most) {
    for (int taken = 0; taken < most && table.eventsPending() > 0; ) {
      for (VmEvent event : table.report().events()) {
        assertThat(event.sequence()).isEqualTo(told.size() + 1L);
        told.add(event);
        taken++;
        if (taken >= most) {
          break;
        }
      }
      table.acknowledge(told.size());
    }
  }

  private boolean hasConverged() {
    hear(Integer.MAX_VALUE);
    Set<String> ended = new HashSet<>();
    told.stream().filter(e -> e.state().isEnd()).forEach(e -> ended.add(key(e)));
    Map<String, Long> running = new HashMap<>();
    for (GuestSpec spec : hypervisor.running()) {
      running.put(spec.instanceId(), spec.epoch());
    }
    for (DesiredVm one : desired.values()) {
      boolean over = ended.contains(one.instanceId() + " " + one.epoch());
      Long epoch = running.remove(one.instanceId());
      boolean right =
          (one.intent() == Intent.RUN && !over)
              ? Long.valueOf(one.epoch()).equals(epoch)
              : (over && epoch == null);
      if (!right) {
        return false;
      }
    }
    return running.isEmpty() && table.count().keySet().stream().allMatch(VmState.RUNNING::equals);
  }

  private static String key(VmEvent event) {
    return event.instanceId() + " " + event.epoch();
  }

  /// Each epoch's events go forward through the state machine and end once; no epoch of an instance
  /// begins before the one before it has ended.
  private void checkHistory() {
    Map<String, VmState> states = new HashMap<>();
    Map<String, String> open = new HashMap<>();
    for (VmEvent event : told) {
      VmState before = states.put(key(event), event.state());
      boolean allowed =
          switch (event.state()) {
            case STARTING -> before == null;
            case RUNNING -> before == VmState.STARTING;
            case STOPPING -> before == VmState.STARTING || before == VmState.RUNNING;
            case GONE, FAILED -> before == null || !before.isEnd();
            case MIGRATING -> false;
          };
      assertThat(allowed).as("%s after %s", event, before).isTrue();
      assertThat(event.cause() != null).isEqualTo(event.state().isEnd());
      if (event.state().isEnd()) {
        open.remove(event.instanceId(), key(event));
      } else {
        String other = open.put(event.instanceId(), key(event));
        assertThat(other).as("one VM at a time: %s", event).isIn(null, key(event));
      }
    }
  }
}
