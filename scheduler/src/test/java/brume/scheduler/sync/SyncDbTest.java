package brume.scheduler.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.contract.EndCause;
import brume.contract.Resources;
import brume.contract.VmState;
import brume.contract.sync.SyncRequest;
import brume.contract.sync.SyncResponse;
import brume.contract.sync.VmCounters;
import brume.contract.sync.VmReport;
import brume.scheduler.FleetCheckers;
import brume.scheduler.ScriptedNode;
import brume.scheduler.TestFleet;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// T3 and the answer to it, on PostgreSQL.
class SyncDbTest {
  private final TestFleet fleet = new TestFleet(1);

  private String placed(ScriptedNode node) {
    String instance = fleet.launch(1, 256);
    fleet.placement(1).run();
    node.sync();
    return instance;
  }

  private VmReport counted(ScriptedNode node, String instance, long reboots, long instructions) {
    return new VmReport(
        instance,
        node.desired(instance).epoch(),
        1,
        reboots,
        VmState.RUNNING,
        new VmCounters(instructions, 2, 3, 4, 5, 6, 7, 8));
  }

  @Test
  void theVersionInSqlIsTheVersionInJava() {
    ScriptedNode one = ScriptedNode.joined(fleet, "n1", "a", 16, 4096);
    ScriptedNode two = ScriptedNode.joined(fleet, "n2", "b", 16, 4096);
    for (int n = 0; n < 12; n++) {
      fleet.launch(1, 128, n % 2 == 0 ? "a" : "b", null);
    }
    fleet.placement(1).run();
    fleet.intend("i-00000000000000003", "STOP");
    for (ScriptedNode node : List.of(one, two)) {
      DesiredSet set = fleet.desired.desired(node.id);
      assertThat(set.vms()).hasSize(6);
      assertThat(fleet.desired.versions(Set.of(one.id, two.id)))
          .containsEntry(node.id, set.version());
    }
  }

  @Test
  void anUnchangedSetIsNotSentAgain() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    assertThat(node.sync().desired()).isNull();
    String instance = placed(node);
    assertThat(node.sync().desired()).isNull();
    fleet.intend(instance, "STOP");
    assertThat(node.sync().desired()).hasSize(1);
    fleet
        .owner
        .sql("UPDATE compute.instance SET reboots = reboots + 1 WHERE id = ?")
        .param(instance)
        .update();
    SyncResponse rebooted = node.sync();
    assertThat(rebooted.desired()).hasSize(1);
    assertThat(rebooted.leaseMillis()).isEqualTo(15_000);
  }

  @Test
  void aWaitEndsWithTheChangeAndHoldsNothingMeanwhile() throws Exception {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    SyncRequest plain = node.report();
    SyncRequest waiting =
        new SyncRequest(
            plain.bootId(),
            plain.monotonicNanos(),
            plain.capacity(),
            plain.address(),
            plain.accessToken(),
            plain.vms(),
            plain.events(),
            node.version,
            20_000);
    AtomicReference<SyncResponse> answer = new AtomicReference<>();
    CountDownLatch answered = new CountDownLatch(1);
    Thread poll =
        Thread.ofVirtual()
            .start(() -> {
              answer.set(node.sync(waiting));
              answered.countDown();
            });
    while (fleet.watch.waiting() == 0) {
      Thread.sleep(5);
    }
    fleet.watch.run();
    assertThat(answered.await(50, TimeUnit.MILLISECONDS)).as("nothing changed").isFalse();
    String instance = fleet.launch(1, 256);
    fleet.placement(1).run();
    // The first look may come between the waiter and its own first look: each sees the change.
    fleet.watch.run();
    assertThat(answered.await(60, TimeUnit.SECONDS)).isTrue();
    poll.join();
    assertThat(answer.get().desired()).extracting(vm -> vm.instanceId()).containsExactly(instance);
    assertThat(fleet.watch.waiting()).isZero();
  }

  @Test
  void countersAreWrittenNowAndThenAndRebootsAtOnce() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    String instance = placed(node);
    node.happens(instance, VmState.RUNNING);
    node.sync();
    fleet.clock.advance(Duration.ofSeconds(5));
    node.vms.put(instance, counted(node, instance, 0, 100));
    node.sync();
    assertThat(fleet.fact(instance)).containsEntry("instructions", 100L);
    fleet.clock.advance(Duration.ofSeconds(1));
    node.vms.put(instance, counted(node, instance, 0, 200));
    node.sync();
    assertThat(fleet.fact(instance)).as("not yet").containsEntry("instructions", 100L);
    node.vms.put(instance, counted(node, instance, 1, 300));
    node.sync();
    assertThat(fleet.fact(instance))
        .containsEntry("vm_reboots", 1L)
        .containsEntry("instructions", 300L);
    fleet.clock.advance(Duration.ofSeconds(4));
    node.vms.put(instance, counted(node, instance, 1, 400));
    node.sync();
    assertThat(fleet.fact(instance))
        .containsEntry("instructions", 400L)
        .containsEntry("net_sent", 7L);
  }

  @Test
  void samplesAreKeptEachTenSecondsForAnHourAndTheFirstOfAMinuteForADay() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    String instance = placed(node);
    node.happens(instance, VmState.RUNNING);
    node.sync();
    Duration ran = Duration.ofMinutes(2);
    for (long used = 1; used <= ran.toSeconds() / 5; used++) {
      fleet.clock.advance(Duration.ofSeconds(5));
      node.vms.put(instance, counted(node, instance, 0, 100 * used));
      node.sync();
    }
    List<Long> samples = samples(instance);
    assertThat(samples).hasSize(12).isSorted().doesNotHaveDuplicates();
    node.sync();
    assertThat(samples(instance)).as("the same moment again").isEqualTo(samples);
    SampleRound forgetting = new SampleRound(fleet.jdbc, fleet.clock);
    fleet.clock.advance(Duration.ofMinutes(57));
    assertThat(forgetting.run()).isFalse();
    assertThat(samples(instance)).isEqualTo(samples);
    fleet.clock.advance(Duration.ofMinutes(3));
    forgetting.run();
    assertThat(samples(instance)).hasSize(2);
    fleet.clock.advance(Duration.ofDays(1));
    forgetting.run();
    assertThat(samples(instance)).isEmpty();
  }

  private List<Long> samples(String instance) {
    return fleet
        .jdbc
        .sql("SELECT instructions FROM scheduling.vm_sample WHERE instance_id = ? ORDER BY at")
        .param(instance)
        .query(Long.class)
        .list();
  }

  @Test
  void whatAVmUsedInAllComesWithItsEnd() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    String instance = placed(node);
    node.happens(instance, VmState.RUNNING);
    node.sync();
    fleet.clock.advance(Duration.ofSeconds(5));
    node.vms.put(instance, counted(node, instance, 0, 100));
    node.sync();
    fleet.clock.advance(Duration.ofSeconds(1));
    node.hasUsed(instance, new VmCounters(900, 22, 3, 44, 55, 66, 77, 88));
    node.happens(instance, VmState.GONE, EndCause.GUEST_POWEROFF, null);
    node.sync();
    assertThat(fleet.fact(instance))
        .containsEntry("vm_state", "GONE")
        .containsEntry("instructions", 900L)
        .containsEntry("cpu_nanos", 22L)
        .containsEntry("memory_touched", 3L)
        .containsEntry("net_sent", 77L)
        .containsEntry("guest_resets", 88L);
  }

  @Test
  void aVmThatLivedBetweenTwoReportsHasCountersToo() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    String instance = placed(node);
    node.hasUsed(instance, new VmCounters(7, 6, 5, 4, 3, 2, 1, 0));
    node.happens(instance, VmState.RUNNING);
    node.happens(instance, VmState.FAILED, EndCause.GUEST_FAILURE, "its kernel panicked");
    node.sync();
    assertThat(fleet.fact(instance))
        .containsEntry("vm_state", "FAILED")
        .containsEntry("instructions", 7L)
        .containsEntry("disk_written", 3L);
  }

  @Test
  void anEndWithoutCountersLeavesTheLastOnes() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    String instance = placed(node);
    node.happens(instance, VmState.RUNNING);
    node.sync();
    fleet.clock.advance(Duration.ofSeconds(5));
    node.vms.put(instance, counted(node, instance, 0, 100));
    node.sync();
    node.happens(instance, VmState.GONE, EndCause.GUEST_POWEROFF, null);
    node.sync();
    assertThat(fleet.fact(instance))
        .containsEntry("instructions", 100L)
        .containsEntry("guest_resets", 8L);
  }

  @Test
  void aNodeSpeaksForItsOwnOnly() {
    ScriptedNode honest = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    String instance = placed(honest);
    honest.happens(instance, VmState.RUNNING);
    honest.sync();
    ScriptedNode liar = ScriptedNode.joined(fleet, "n2", "b", 4, 1024);
    liar.happens(
        instance,
        honest.desired(instance).epoch(),
        9,
        VmState.FAILED,
        EndCause.GUEST_FAILURE,
        "boo");
    liar.vms.put(instance, counted(honest, instance, 77, 77));
    assertThat(liar.sync().acknowledgedSequence()).as("passed over, and done with").isEqualTo(1);
    assertThat(fleet.fact(instance))
        .containsEntry("vm_state", "RUNNING")
        .containsEntry("vm_reboots", 0L)
        .containsEntry("instructions", 0L);
    assertThat(fleet.transitions(instance)).containsExactly("RUNNING 0.0");
    FleetCheckers.check(fleet);
  }

  @Test
  void eventsCountOnceHoweverOftenTheyAreSent() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    String instance = placed(node);
    node.happens(instance, VmState.STARTING);
    SyncRequest first = node.report();
    node.sync(first);
    node.happens(instance, VmState.RUNNING);
    // The first answer was lost: both events come again.
    SyncRequest both =
        new SyncRequest(
            first.bootId(),
            node.monotonic(),
            new Resources(4, 1024),
            first.address(),
            first.accessToken(),
            List.copyOf(node.vms.values()),
            List.of(first.events().getFirst(), node.events.getFirst()),
            null,
            0);
    assertThat(node.sync(both).acknowledgedSequence()).isEqualTo(2);
    assertThat(fleet.transitions(instance)).hasSize(2);
    node.sequence = 7;
    node.happens(instance, VmState.STOPPING);
    assertThatThrownBy(node::sync).hasMessageContaining("event_gap");
    assertThat(fleet.fact(instance)).as("nothing of it").containsEntry("vm_state", "RUNNING");
  }

  @Test
  void theEndKeepsTheConsole() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    String instance = placed(node);
    SyncRequest plain = node.report();
    SyncRequest ended =
        new SyncRequest(
            plain.bootId(),
            plain.monotonicNanos(),
            plain.capacity(),
            plain.address(),
            plain.accessToken(),
            List.of(),
            List.of(
                new brume.contract.sync.VmEvent(
                    1,
                    instance,
                    node.desired(instance).epoch(),
                    1,
                    VmState.FAILED,
                    plain.monotonicNanos(),
                    EndCause.GUEST_FAILURE,
                    "not a kernel",
                    "aGVsbG8=",
                    null)),
            null,
            0);
    node.sync(ended);
    assertThat(
            fleet
                .owner
                .sql("SELECT convert_from(console, 'UTF8') FROM scheduling.instance_console")
                .query(String.class)
                .single())
        .isEqualTo("hello");
    assertThat(fleet.fact(instance)).containsEntry("reason", "not a kernel");
  }
}
