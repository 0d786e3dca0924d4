package brume.node.vm;

import static org.assertj.core.api.Assertions.assertThat;

import brume.contract.EndCause;
import brume.contract.VmState;
import brume.contract.sync.VmCounters;
import brume.contract.sync.VmEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventLogTest {
  private static EventLog.Fact fact(int instance, VmState state) {
    return new EventLog.Fact(
        "i-%017x".formatted(instance),
        instance,
        1,
        state,
        0,
        state.isEnd() ? EndCause.REQUESTED : null,
        null);
  }

  private static void life(EventLog log, int instance) {
    log.add(fact(instance, VmState.STARTING), null);
    log.add(fact(instance, VmState.RUNNING), null);
    log.add(fact(instance, VmState.STOPPING), null);
    log.add(fact(instance, VmState.GONE), null);
  }

  @Test
  void aBatchIsSentAgainAsItWasUntilItIsAcknowledged() {
    EventLog log = new EventLog();
    life(log, 1);
    List<VmEvent> first = log.batch(3).events();
    assertThat(first).extracting(VmEvent::sequence).containsExactly(1L, 2L, 3L);
    assertThat(log.batch(3).events()).isEqualTo(first);
    log.acknowledge(2);
    assertThat(log.batch(3).events()).extracting(VmEvent::sequence).containsExactly(3L, 4L);
    log.acknowledge(1);
    assertThat(log.size()).isEqualTo(2);
  }

  @Test
  void anAcknowledgementOfWhatWasNeverSentForgetsNothing() {
    EventLog log = new EventLog();
    life(log, 1);
    log.acknowledge(100);
    assertThat(log.batch(10).events()).hasSize(4);
  }

  @Test
  void aFullLogDropsPassingStatesButNeverWhatBillingCounts() {
    EventLog log = new EventLog(100);
    life(log, 1);
    log.batch(2); // STARTING and RUNNING were sent, and may be durable at the scheduler
    for (int instance = 2; instance <= 60; instance++) {
      life(log, instance);
    }
    List<VmEvent> all = new ArrayList<>();
    while (log.size() > 0) {
      List<VmEvent> batch = log.batch(7).events();
      all.addAll(batch);
      log.acknowledge(batch.getLast().sequence());
    }
    assertThat(all.stream().filter(e -> e.state() == VmState.RUNNING)).hasSize(60);
    assertThat(all.stream().filter(e -> e.state() == VmState.GONE)).hasSize(60);
    assertThat(all).hasSizeBetween(120, 160);
    assertThat(all.getFirst().state()).isEqualTo(VmState.STARTING);
    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i).sequence()).as("no gap").isEqualTo(i + 1L);
    }
  }

  @Test
  void consolesOfTheOldestAreGivenUpFirst() {
    EventLog log = new EventLog();
    byte[] console = new byte[VmEvent.CONSOLE_BYTES_MAX];
    int many = 2 * EventLog.CONSOLE_CHARACTERS_MAX / console.length;
    for (int instance = 1; instance <= many; instance++) {
      log.add(fact(instance, VmState.GONE), new EventLog.Last(VmCounters.ZERO, console));
    }
    long characters = 0;
    VmEvent last = null;
    for (VmEvent first = null; log.size() > 0; ) {
      List<VmEvent> batch = log.batch(1_000).events();
      long inBatch = batch.stream().mapToLong(EventLogTest::consoleLength).sum();
      assertThat(inBatch).isLessThanOrEqualTo(EventLog.CONSOLE_CHARACTERS_SENT_MAX);
      if (first == null) {
        first = batch.getFirst();
        assertThat(first.consoleBase64()).isNull();
      }
      characters += inBatch;
      last = batch.getLast();
      log.acknowledge(last.sequence());
    }
    assertThat(characters).isLessThanOrEqualTo(EventLog.CONSOLE_CHARACTERS_MAX);
    assertThat(last.consoleBase64()).isNotNull();
  }

  private static long consoleLength(VmEvent event) {
    return event.consoleBase64() == null ? 0 : event.consoleBase64().length();
  }
}
