package brume.scheduler.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.contract.EndCause;
import brume.contract.Intent;
import brume.contract.Resources;
import brume.contract.VmState;
import brume.contract.sync.SyncRequest;
import brume.contract.sync.VmCounters;
import brume.contract.sync.VmEvent;
import brume.contract.sync.VmReport;
import brume.scheduler.fleet.HeldAllocation;
import brume.scheduler.fleet.NodeRecord;
import brume.scheduler.fleet.VmChange;
import brume.scheduler.sync.ReportFold.Folded;
import brume.scheduler.web.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is believed of a report. The node's clock is 1,000 s in when the report is made at
/// 12:00:00.
class ReportFoldTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final long NANOS = 1_000_000_000L;
  private static final String ONE = "i-00000000000000001";

  private final List<VmEvent> events = new ArrayList<>();
  private final List<VmReport> vms = new ArrayList<>();

  private static NodeRecord node(String bootId, long sequence) {
    return new NodeRecord(
        "node-00000000000000001",
        "n1",
        true,
        bootId,
        sequence,
        990 * NANOS,
        NOW.minusSeconds(10),
        NOW.minusSeconds(10),
        NOW.plusSeconds(5));
  }

  private static HeldAllocation held(HeldAllocation.Vm vm) {
    return new HeldAllocation(
        ONE,
        7,
        "000000000001",
        "e1.nano",
        3,
        new Resources(1, 128),
        NOW.minusSeconds(100),
        Intent.RUN,
        3,
        vm);
  }

  private static HeldAllocation.Vm vm(VmState state, int secondsAgo) {
    Instant at = NOW.minusSeconds(secondsAgo);
    return new HeldAllocation.Vm(state, 3, state == VmState.STARTING ? null : at, at);
  }

  private void event(int sequence, VmState state, long monotonicSeconds) {
    event(sequence, ONE, 7, 3, state, monotonicSeconds, null, null);
  }

  private void event(
      int sequence,
      String instance,
      long epoch,
      long generation,
      VmState state,
      long monotonicSeconds,
      String reason,
      String console) {
    EndCause cause = state.isEnd() ? EndCause.REQUESTED : null;
    events.add(
        new VmEvent(
            sequence,
            instance,
            epoch,
            generation,
            state,
            monotonicSeconds * NANOS,
            cause,
            reason,
            console,
            null));
  }

  private void listed(VmState state, long generation) {
    vms.add(new VmReport(ONE, 7, generation, 0, state, VmCounters.ZERO));
  }

  private Folded fold(NodeRecord node, HeldAllocation... held) {
    SyncRequest report =
        new SyncRequest(
            "b1", 1_000 * NANOS, new Resources(4, 4096), "http://h", "", vms, events, null, 0);
    ReportChecks.check(report);
    return ReportFold.of(node, List.of(held), report, NOW);
  }

  /// `STATE cause seconds-before-now`.
  private static List<String> transitions(Folded folded) {
    return folded.facts().transitions().stream()
        .map(t ->
            t.state()
                + (t.cause() == null ? "" : " " + t.cause())
                + " "
                + Duration.between(t.at(), NOW).toSeconds())
        .toList();
  }

  @Test
  void eventsHappenWhenTheNodesClockSays() {
    event(1, VmState.STARTING, 980);
    event(2, VmState.RUNNING, 995);
    listed(VmState.RUNNING, 3);
    Folded folded = fold(node("b1", 0), held(null));
    assertThat(transitions(folded)).containsExactly("STARTING 20", "RUNNING 5");
    assertThat(folded.acknowledged()).isEqualTo(2);
    VmChange change = folded.facts().vms().getFirst();
    assertThat(change.state()).isEqualTo(VmState.RUNNING);
    assertThat(change.runningSince()).isEqualTo(NOW.minusSeconds(5));
  }

  @Test
  void nothingHappensBeforeTheLastTransitionOrTheAllocation() {
    event(1, VmState.STARTING, 0);
    event(2, VmState.RUNNING, 950);
    event(3, VmState.STOPPING, 940);
    listed(VmState.STOPPING, 3);
    assertThat(transitions(fold(node("b1", 0), held(null))))
        .containsExactly("STARTING 100", "RUNNING 50", "STOPPING 50");
  }

  @Test
  void aRepeatedEventChangesNothing() {
    event(4, VmState.STARTING, 980);
    event(5, VmState.RUNNING, 995);
    listed(VmState.RUNNING, 3);
    Folded folded = fold(node("b1", 5), held(vm(VmState.RUNNING, 5)));
    assertThat(folded.facts().isEmpty()).isTrue();
    assertThat(folded.acknowledged()).isEqualTo(5);
  }

  @Test
  void aGapIsRefused() {
    event(7, VmState.RUNNING, 995);
    assertThatThrownBy(() -> fold(node("b1", 5), held(null)))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("event_gap")
        .hasMessageContaining("the next event of this boot is 6, not 7");
  }

  @Test
  void aReportThatWasOvertakenIsRefused() {
    NodeRecord ahead = new NodeRecord("node-1", "n", true, "b1", 0, 1_000 * NANOS, NOW, NOW, NOW);
    assertThatThrownBy(() -> fold(ahead, held(vm(VmState.RUNNING, 5))))
        .hasMessageContaining("stale_report");
  }

  @Test
  void othersInstancesAndStaleEpochsArePassedOver() {
    event(1, "i-000000000000000ff", 9, 1, VmState.RUNNING, 999, null, null);
    event(2, ONE, 6, 3, VmState.GONE, 999, null, null);
    listed(VmState.RUNNING, 3);
    Folded folded = fold(node("b1", 0), held(vm(VmState.RUNNING, 5)));
    assertThat(folded.facts().isEmpty()).isTrue();
    assertThat(folded.acknowledged()).isEqualTo(2);
  }

  @Test
  void anEndIsAnEnd() {
    event(1, VmState.GONE, 990);
    event(2, VmState.RUNNING, 995);
    assertThat(transitions(fold(node("b1", 0), held(vm(VmState.RUNNING, 50)))))
        .containsExactly("GONE REQUESTED 10");
  }

  @Test
  void whatNeverStartedCanBeGone() {
    event(1, VmState.GONE, 990);
    Folded folded = fold(node("b1", 0), held(null));
    assertThat(transitions(folded)).containsExactly("GONE REQUESTED 10");
    assertThat(folded.facts().vms().getFirst().runningSince()).isNull();
  }

  @Test
  void aVmThatIsListedNoMoreIsGone() {
    assertThat(transitions(fold(node("b1", 0), held(vm(VmState.RUNNING, 50)))))
        .containsExactly("FAILED NODE_RESTARTED 10");
  }

  @Test
  void anAllocationThatWasNeverReportedWaits() {
    assertThat(fold(node("b1", 0), held(null)).facts().isEmpty()).isTrue();
  }

  @Test
  void aRestartedAgentKeepsWhatItListsAndFailsTheRest() {
    assertThat(transitions(fold(node("b0", 50), held(vm(VmState.RUNNING, 50)))))
        .as("when it was last heard")
        .containsExactly("FAILED NODE_RESTARTED 10");
    listed(VmState.RUNNING, 3);
    assertThat(fold(node("b0", 50), held(vm(VmState.RUNNING, 50))).facts().isEmpty()).isTrue();
  }

  @Test
  void aRestartedAgentMaySayHowAVmEnded() {
    event(1, VmState.GONE, 970);
    assertThat(transitions(fold(node("b0", 50), held(vm(VmState.RUNNING, 50)))))
        .containsExactly("GONE REQUESTED 30");
  }

  @Test
  void noGenerationIsBelievedThatItsUserHasNotReached() {
    listed(VmState.RUNNING, 1_000_000);
    Folded folded = fold(node("b1", 0), held(vm(VmState.RUNNING, 5)));
    assertThat(folded.seen()).extracting(VmReport::generation).containsExactly(3L);
  }

  @Test
  void longTextsAreCut() {
    String console = Base64.getEncoder().encodeToString(new byte[100_000]);
    event(1, ONE, 7, 3, VmState.GONE, 990, "\u0000a\u001b[31m" + "x".repeat(1_000), console);
    VmChange change = fold(node("b1", 0), held(null)).facts().vms().getFirst();
    assertThat(change.console()).hasSize(65_536);
    assertThat(change.reason()).hasSize(500).startsWith(" a [31mxxx").endsWith("…");
  }
}
