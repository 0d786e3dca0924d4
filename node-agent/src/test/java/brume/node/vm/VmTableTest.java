package brume.node.vm;

import static org.assertj.core.api.Assertions.assertThat;

import brume.contract.EndCause;
import brume.contract.Intent;
import brume.contract.Resources;
import brume.contract.VmState;
import brume.contract.sync.DesiredVm;
import brume.contract.sync.VmEvent;
import brume.contract.sync.VmReport;
import brume.node.capacity.Admission;
import brume.node.capacity.MemoryProbe;
import brume.node.hypervisor.Guest;
import brume.node.hypervisor.GuestListener;
import brume.node.hypervisor.GuestRefused;
import brume.node.hypervisor.GuestSpec;
import brume.node.hypervisor.Hypervisor;
import brume.node.hypervisor.SimulatedHypervisor;
import brume.node.sync.FakeScheduler;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// What becomes of one VM, as the scheduler hears it.
class VmTableTest {
  private static final String ID = "i-00000000000000001";
  private static final String OTHER = "i-00000000000000002";
  private static final String IMAGE = "builtin:debian-micro";
  private static final MemoryProbe PLENTY = memory(64L << 30);

  private final SimulatedHypervisor hypervisor = new SimulatedHypervisor();
  private VmTable table = table(hypervisor, PLENTY, Duration.ofMinutes(10));
  private int version;

  private static MemoryProbe memory(long bytes) {
    return new MemoryProbe() {
      @Override
      public long totalBytes() {
        return bytes;
      }

      @Override
      public long availableBytes() {
        return bytes;
      }
    };
  }

  static VmTable table(Hypervisor hypervisor, MemoryProbe memory, Duration grace) {
    Admission admission = new Admission(new Resources(1 << 20, 1 << 20), 0);
    return new VmTable(
        hypervisor,
        memory,
        System::nanoTime,
        VmWatcher.NONE,
        new VmTable.Settings(admission, grace, Duration.ofMinutes(5)));
  }

  private static DesiredVm desired(String id, Intent intent, long epoch, long generation) {
    return new DesiredVm(id, epoch, generation, intent, 0, 1, 64, 10, IMAGE, "web-1", null);
  }

  private void apply(DesiredVm... set) {
    version++;
    table.apply("v" + version, Arrays.asList(set));
  }

  private List<VmEvent> events(String id) {
    return table.report().events().stream().filter(e -> e.instanceId().equals(id)).toList();
  }

  private VmEvent await(String id, VmState state) {
    FakeScheduler.await(
        id + " " + state, () -> events(id).stream().anyMatch(e -> e.state() == state));
    return events(id).getLast();
  }

  @Test
  void aGuestThatPowersItselfOffIsGoneByItsOwnWill() {
    apply(desired(ID, Intent.RUN, 1, 1));
    await(ID, VmState.RUNNING);
    hypervisor.powerOff(ID);
    VmEvent end = await(ID, VmState.GONE);
    assertThat(end.cause()).isEqualTo(EndCause.GUEST_POWEROFF);
    assertThat(end.generation()).isEqualTo(1);
    assertThat(end.counters()).as("what it came to").isEqualTo(SimulatedHypervisor.STARTED);
    assertThat(table.report().vms()).isEmpty();
  }

  @Test
  void onlyTheEndOfAVmThatWasHereHasCounters() {
    apply(desired(ID, Intent.RUN, 1, 1));
    VmEvent running = await(ID, VmState.RUNNING);
    assertThat(running.counters()).isNull();
    apply(desired(ID, Intent.STOP, 1, 2));
    await(ID, VmState.GONE);
    assertThat(events(ID)).filteredOn(event -> event.counters() != null).hasSize(1);
    apply(desired(OTHER, Intent.STOP, 2, 1));
    assertThat(await(OTHER, VmState.GONE).counters()).isNull();
  }

  @Test
  void aGuestThatBreaksFailsWithItsReason() {
    apply(desired(ID, Intent.RUN, 1, 1));
    await(ID, VmState.RUNNING);
    hypervisor.fail(ID, "the machine failed: " + "x".repeat(1000));
    VmEvent end = await(ID, VmState.FAILED);
    assertThat(end.cause()).isEqualTo(EndCause.GUEST_FAILURE);
    assertThat(end.reason()).startsWith("the machine failed: xxx").hasSize(500);
  }

  @Test
  void anImageThatCantBeHadFailsTheVmWithTheMessage() {
    hypervisor.refuseImage(IMAGE, "the mirror does not answer: set another one");
    apply(desired(ID, Intent.RUN, 1, 1));
    VmEvent end = await(ID, VmState.FAILED);
    assertThat(end.cause()).isEqualTo(EndCause.IMAGE_UNAVAILABLE);
    assertThat(end.reason()).isEqualTo("the mirror does not answer: set another one");
  }

  @Test
  void anEpochIsStartedOnlyOnceWhateverIsDesired() {
    apply(desired(ID, Intent.RUN, 1, 1));
    await(ID, VmState.RUNNING);
    hypervisor.powerOff(ID);
    await(ID, VmState.GONE);
    apply(desired(ID, Intent.RUN, 1, 1));
    apply(desired(ID, Intent.RUN, 1, 2));
    apply(desired(ID, Intent.RUN, 2, 2));
    FakeScheduler.await("epoch 2", () -> !hypervisor.running().isEmpty());
    assertThat(events(ID).stream().filter(e -> e.state() == VmState.STARTING))
        .extracting(VmEvent::epoch)
        .containsExactly(1L, 2L);
  }

  @Test
  void aStopAsksTheGuestAndCutsItOffWhenItDoesNotListen() {
    table = table(hypervisor, PLENTY, Duration.ofMillis(50));
    apply(desired(ID, Intent.RUN, 1, 1));
    await(ID, VmState.RUNNING);
    hypervisor.deafen(ID);
    apply(desired(ID, Intent.STOP, 1, 2));
    VmEvent end = await(ID, VmState.GONE);
    assertThat(end.cause()).isEqualTo(EndCause.REQUESTED);
    assertThat(end.reason()).contains("cut off");
    assertThat(end.generation()).isEqualTo(2);
    assertThat(hypervisor.running()).isEmpty();
  }

  @Test
  void aTerminationDoesNotWaitForTheGrace() {
    apply(desired(ID, Intent.RUN, 1, 1));
    await(ID, VmState.RUNNING);
    hypervisor.deafen(ID);
    apply(desired(ID, Intent.STOP, 1, 2));
    await(ID, VmState.STOPPING);
    apply(desired(ID, Intent.TERMINATE, 1, 3));
    VmEvent end = await(ID, VmState.GONE);
    assertThat(end.generation()).isEqualTo(3);
  }

  @Test
  void aStartDuringAStopDoesNotCarryTheNewGeneration() {
    apply(desired(ID, Intent.RUN, 1, 1));
    await(ID, VmState.RUNNING);
    hypervisor.deafen(ID);
    apply(desired(ID, Intent.STOP, 1, 2));
    await(ID, VmState.STOPPING);
    apply(desired(ID, Intent.RUN, 1, 3));
    hypervisor.powerOff(ID);
    VmEvent end = await(ID, VmState.GONE);
    assertThat(end.cause()).isEqualTo(EndCause.REQUESTED);
    assertThat(end.generation()).as("so that the scheduler starts generation 3").isEqualTo(2);
  }

  @Test
  void anEndThatIsWantedOfWhatNeverWasIsReportedOnce() {
    apply(desired(ID, Intent.TERMINATE, 4, 2));
    apply(desired(ID, Intent.TERMINATE, 4, 2));
    table.reconcile();
    assertThat(events(ID))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.state()).isEqualTo(VmState.GONE);
          assertThat(event.cause()).isEqualTo(EndCause.REQUESTED);
          assertThat(event.epoch()).isEqualTo(4);
          assertThat(event.generation()).isEqualTo(2);
        });
    assertThat(table.report().vms()).isEmpty();
  }

  @Test
  void aRebootHappensOnceWhateverTheCounterSkipped() {
    apply(desired(ID, Intent.RUN, 1, 1));
    await(ID, VmState.RUNNING);
    DesiredVm rebooted = new DesiredVm(ID, 1, 1, Intent.RUN, 3, 1, 64, 10, IMAGE, "web-1", null);
    apply(rebooted);
    apply(rebooted);
    FakeScheduler.await("a reboot", () -> hypervisor.reboots(ID) == 1);
    assertThat(table.takeUntold()).as("the scheduler hears of it at once").isTrue();
    table.reconcile();
    assertThat(table.report().vms()).extracting(VmReport::reboots).containsExactly(3L);
    assertThat(hypervisor.reboots(ID)).isEqualTo(1);
    assertThat(events(ID)).extracting(VmEvent::state).doesNotContain(VmState.STOPPING);
  }

  @Test
  void aNewEpochStartsOnlyAfterTheOldVmHasEnded() {
    apply(desired(ID, Intent.RUN, 1, 1));
    await(ID, VmState.RUNNING);
    apply(desired(ID, Intent.RUN, 2, 1));
    FakeScheduler.await(
        "epoch 2 runs", () -> hypervisor.running().stream().anyMatch(spec -> spec.epoch() == 2));
    assertThat(events(ID))
        .extracting(event -> event.epoch() + " " + event.state())
        .startsWith("1 STARTING", "1 RUNNING", "1 STOPPING", "1 GONE", "2 STARTING");
  }

  @Test
  void aVmThatNobodyWantsIsCutOff() {
    apply(desired(ID, Intent.RUN, 1, 1), desired(OTHER, Intent.RUN, 2, 1));
    await(ID, VmState.RUNNING);
    await(OTHER, VmState.RUNNING);
    apply(desired(OTHER, Intent.RUN, 2, 1));
    VmEvent end = await(ID, VmState.GONE);
    assertThat(end.reason()).contains("no longer placed");
    assertThat(hypervisor.running()).extracting(GuestSpec::instanceId).containsExactly(OTHER);
  }

  @Test
  void whatMakesNoSenseFailsAloneAndByName() {
    DesiredVm tooMany = new DesiredVm(ID, 1, 1, Intent.RUN, 0, 99, 64, 10, IMAGE, "web-1", null);
    apply(tooMany, desired(OTHER, Intent.RUN, 2, 1));
    await(OTHER, VmState.RUNNING);
    VmEvent end = await(ID, VmState.FAILED);
    assertThat(end.cause()).isEqualTo(EndCause.GUEST_FAILURE);
    assertThat(end.reason()).contains("vcpu must be 1 to 8, not 99");
    apply(new DesiredVm(ID, 2, 1, Intent.RUN, 0, 1, 64, 10, null, null, "not base64!"));
    FakeScheduler.await("epoch 2", () -> events(ID).getLast().epoch() == 2);
    assertThat(events(ID).getLast().state()).isEqualTo(VmState.FAILED);
  }

  @Test
  void whatHasNoNameIsPassedOver() {
    apply(
        desired("../../etc", Intent.RUN, 1, 1),
        desired(null, Intent.RUN, 1, 1),
        desired(ID, null, 1, 1),
        desired(ID, Intent.RUN, 0, 1),
        desired(OTHER, Intent.RUN, 2, 1));
    await(OTHER, VmState.RUNNING);
    assertThat(table.report().events()).extracting(VmEvent::instanceId).containsOnly(OTHER);
  }

  @Test
  void aNodeWithoutMemoryRefusesInNumbers() {
    table = table(hypervisor, memory(100L << 20), Duration.ofSeconds(1));
    apply(desired(ID, Intent.RUN, 1, 1), desired(OTHER, Intent.RUN, 2, 1));
    await(ID, VmState.RUNNING);
    VmEvent end = await(OTHER, VmState.FAILED);
    assertThat(end.cause()).isEqualTo(EndCause.NODE_REFUSED);
    assertThat(end.reason()).contains("100 MiB").contains("64 MiB");
  }

  @Test
  void aVmWaitingForASlowImageCanBeTerminatedAndDelaysNobody() {
    CountDownLatch fetched = new CountDownLatch(1);
    Hypervisor slow = slowFor("builtin:slow", fetched);
    table = table(slow, PLENTY, Duration.ofSeconds(1));
    DesiredVm waiting =
        new DesiredVm(ID, 1, 1, Intent.RUN, 0, 1, 64, 10, "builtin:slow", "web-1", null);
    apply(waiting, desired(OTHER, Intent.RUN, 2, 1));
    await(OTHER, VmState.RUNNING);
    assertThat(events(ID)).extracting(VmEvent::state).containsExactly(VmState.STARTING);
    apply(desired(ID, Intent.TERMINATE, 1, 2), desired(OTHER, Intent.RUN, 2, 1));
    assertThat(await(ID, VmState.GONE).cause()).isEqualTo(EndCause.REQUESTED);
    fetched.countDown();
  }

  private Hypervisor slowFor(String image, CountDownLatch fetched) {
    return new Hypervisor() {
      @Override
      public void prepare(String imageSource) {
        if (imageSource.equals(image)) {
          try {
            fetched.await();
          } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
          }
        }
      }

      @Override
      public Guest create(GuestSpec spec, GuestListener listener) throws GuestRefused {
        return hypervisor.create(spec, listener);
      }

      @Override
      public void removeLeftovers() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void anEndThatFindsNoRoomInAReportIsStillListedAsEnding() {
    int many = 600; // three events each: the ends don't fit into a first report of 1,000
    DesiredVm[] all = new DesiredVm[many];
    for (int i = 0; i < many; i++) {
      all[i] = desired("i-%017x".formatted(i + 16), Intent.RUN, i + 1, 1);
    }
    apply(all);
    FakeScheduler.await("all run", () -> hypervisor.running().size() == many);
    for (DesiredVm one : all) {
      hypervisor.powerOff(one.instanceId());
    }
    FakeScheduler.await("all ended", () -> table.count().isEmpty());
    while (table.eventsPending() > 0) {
      VmTable.Report report = table.report();
      List<String> ends =
          report.events().stream()
              .filter(event -> event.state().isEnd())
              .map(VmEvent::instanceId)
              .toList();
      assertThat(report.events()).hasSizeLessThanOrEqualTo(1_000);
      assertThat(report.vms()).noneMatch(vm -> ends.contains(vm.instanceId()));
      assertThat(report.vms()).allMatch(vm -> vm.state() == VmState.STOPPING);
      int before = table.eventsPending();
      table.acknowledge(report.events().getLast().sequence());
      assertThat(table.eventsPending()).isEqualTo(before - report.events().size());
      if (table.eventsPending() > 0) {
        assertThat(report.vms()).isNotEmpty();
      }
    }
    assertThat(table.report().vms()).isEmpty();
  }

  @Test
  void theConsoleOutlivesItsVm() {
    apply(desired(ID, Intent.RUN, 1, 1));
    await(ID, VmState.RUNNING);
    hypervisor.powerOff(ID);
    await(ID, VmState.GONE);
    assertThat(table.console(ID)).isPresent();
    assertThat(table.console(OTHER)).isEmpty();
  }
}
