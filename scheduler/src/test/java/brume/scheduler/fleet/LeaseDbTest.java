package brume.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.contract.EndCause;
import brume.contract.Intent;
import brume.contract.VmState;
import brume.contract.sync.SyncRequest;
import brume.scheduler.FleetCheckers;
import brume.scheduler.ScriptedNode;
import brume.scheduler.TestFleet;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Nodes that fall silent, agents that restart, guests that fail: what becomes of the instances.
class LeaseDbTest {
  private final TestFleet fleet = new TestFleet(1);
  private final PlacementRound placement = fleet.placement(1);

  @AfterEach
  void promisesHold() {
    FleetCheckers.check(fleet);
  }

  private void after(int seconds) {
    fleet.clock.advance(Duration.ofSeconds(seconds));
    fleet.leases.run();
    placement.run();
  }

  private String running(ScriptedNode node) {
    String instance = fleet.launch(1, 256);
    placement.run();
    node.sync();
    node.happens(instance, VmState.STARTING);
    node.happens(instance, VmState.RUNNING);
    node.sync();
    return instance;
  }

  @Test
  void aSilentNodeTakesNothingAtOnceAndIsLostAMarginLater() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    String instance = running(node);
    after(10);
    node.sync();
    after(14);
    assertThat(fleet.node(node.id)).containsEntry("ready", true);
    after(1);
    assertThat(fleet.node(node.id)).containsEntry("ready", false);
    String waiting = fleet.launch(1, 256);
    after(4);
    assertThat(fleet.reason(waiting)).isEqualTo("no node takes new instances at the moment");
    assertThat(fleet.fact(instance)).containsEntry("vm_state", "RUNNING");
    after(1);
    assertThat(fleet.fact(instance))
        .containsEntry("vm_state", "FAILED")
        .containsEntry("cause", "NODE_LOST")
        .containsEntry("allocated", false);
    // Paid for until it was last heard, 10 s in, although the loss came out 20 s later.
    assertThat(fleet.transitions(instance))
        .containsExactly("STARTING 0.0", "RUNNING 0.0", "FAILED NODE_LOST 10.0");
    assertThat(fleet.reason(instance)).isEqualTo("starts again in 1 s: its node was lost");

    ScriptedNode other = ScriptedNode.joined(fleet, "n2", "a", 4, 1024);
    placement.run();
    assertThat(fleet.fact(instance)).as("not before 1 s").containsEntry("allocated", false);
    after(1);
    other.sync();
    assertThat(other.desired(instance).intent()).isEqualTo(Intent.RUN);
    assertThat(fleet.reason(instance)).isNull();

    // The lost node comes back: what it still has is not wanted, and what it says of it is passed
    // over.
    node.happens(instance, 1, 1, VmState.STOPPING, null, null);
    node.sync();
    assertThat(node.desired).isEmpty();
    assertThat(fleet.transitions(instance)).hasSize(3);
    assertThat(fleet.node(node.id)).containsEntry("ready", true).containsEntry("vcpu_used", 0);
  }

  @Test
  void aNodeThatIsHeardBeforeTheMarginIsOverKeepsItsVms() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    String instance = running(node);
    after(19);
    assertThat(fleet.node(node.id)).containsEntry("ready", false);
    node.sync();
    after(1);
    assertThat(fleet.node(node.id)).containsEntry("ready", true);
    assertThat(fleet.fact(instance)).containsEntry("vm_state", "RUNNING");
  }

  @Test
  void whatALostNodeNeverStartedIsPlacedElsewhereAtOnce() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    String instance = fleet.launch(1, 256);
    placement.run();
    fleet.clock.advance(Duration.ofSeconds(10));
    ScriptedNode other = ScriptedNode.joined(fleet, "n2", "a", 4, 1024);
    after(10);
    other.sync();
    assertThat(other.desired(instance).epoch()).isEqualTo(2);
    assertThat(fleet.transitions(instance)).isEmpty();
    assertThat(fleet.node(node.id)).containsEntry("vcpu_used", 0);
  }

  @Test
  void aRestartedAgentEndsWhatItDoesNotListWhenItWasLastHeard() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    String instance = running(node);
    SyncRequest underWay = node.report();
    fleet.clock.advance(Duration.ofSeconds(3));
    node.sync();
    fleet.clock.advance(Duration.ofSeconds(4));
    node.reboot("boot-2");
    node.sync();
    assertThat(fleet.transitions(instance)).endsWith("FAILED NODE_RESTARTED 3.0");
    assertThat(fleet.reason(instance))
        .isEqualTo("starts again in 1 s: the agent of its node restarted");
    after(1);
    node.sync();
    assertThat(node.desired(instance).epoch()).isEqualTo(2);
    node.happens(instance, VmState.RUNNING);
    node.sync();

    // A report of the boot before was long under way: it is no other restart.
    assertThatThrownBy(() -> node.sync(underWay)).hasMessageContaining("stale_boot");
    SyncRequest late = node.report();
    node.sync();
    assertThatThrownBy(() -> node.sync(late)).hasMessageContaining("stale_report");
    assertThat(fleet.fact(instance)).containsEntry("vm_state", "RUNNING");
  }

  @Test
  void whatThePlatformFailedStartsAgainALittleLaterEachTime() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    String instance = fleet.launch(1, 256);
    placement.run();
    for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      node.sync();
      node.happens(instance, VmState.FAILED, EndCause.NODE_REFUSED, "no memory");
      node.sync();
      assertThat(fleet.reason(instance)).isEqualTo("starts again in " + seconds + " s: no memory");
      for (int second = 1; second < seconds; second++) {
        fleet.clock.advance(Duration.ofSeconds(1));
        node.sync();
        placement.run();
      }
      assertThat(fleet.fact(instance)).containsEntry("allocated", false);
      after(1);
      assertThat(fleet.fact(instance)).containsEntry("allocated", true);
    }
    // A user who stops and starts begins anew.
    fleet.intend(instance, "STOP");
    node.sync();
    node.happens(instance, VmState.GONE, EndCause.REQUESTED, null);
    node.sync();
    fleet.intend(instance, "RUN");
    placement.run();
    node.sync();
    node.happens(instance, VmState.FAILED, EndCause.NODE_REFUSED, "no memory");
    node.sync();
    assertThat(fleet.reason(instance)).isEqualTo("starts again in 1 s: no memory");
  }

  @Test
  void anotherNodeIsTriedAfterOneThatRefused() {
    ScriptedNode full = ScriptedNode.joined(fleet, "n1", "a", 2, 512);
    ScriptedNode large = ScriptedNode.joined(fleet, "n2", "a", 16, 16384);
    String instance = fleet.launch(1, 256);
    placement.run();
    full.sync();
    full.happens(instance, VmState.FAILED, EndCause.NODE_REFUSED, "no memory");
    full.sync();
    after(1);
    large.sync();
    assertThat(large.desired(instance).epoch()).isEqualTo(2);
  }

  @Test
  void aGuestsOwnEndStartsNothingUntilItsUserWantsIt() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    for (EndCause cause : new EndCause[] {EndCause.GUEST_POWEROFF, EndCause.GUEST_FAILURE}) {
      String instance = running(node);
      VmState end = cause == EndCause.GUEST_POWEROFF ? VmState.GONE : VmState.FAILED;
      node.happens(instance, end, cause, "it ended");
      node.sync();
      node.sync();
      placement.run();
      assertThat(fleet.fact(instance))
          .containsEntry("cause", cause.name())
          .containsEntry("vm_generation", 1L)
          .containsEntry("allocated", false);
      assertThat(fleet.reason(instance)).isNull();
      fleet.intend(instance, "STOP"); // by compute-api, for the guest
      placement.run();
      fleet.intend(instance, "RUN"); // by the user
      placement.run();
      assertThat(fleet.fact(instance)).containsEntry("allocated", true);
    }
  }

  @Test
  void aStopThatComesBeforeTheStartGivesTheCapacityBack() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    String instance = fleet.launch(1, 256);
    placement.run();
    fleet.intend(instance, "STOP");
    node.sync();
    assertThat(node.desired(instance).intent()).isEqualTo(Intent.STOP);
    node.happens(instance, VmState.GONE, EndCause.REQUESTED, null);
    node.sync();
    assertThat(node.desired).isEmpty();
    assertThat(fleet.fact(instance)).containsEntry("allocated", false);
    assertThat(fleet.node(node.id)).containsEntry("vcpu_used", 0);
  }

  @Test
  void anInstanceThatIsInNoViewAnyMoreIsTerminated() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    String instance = running(node);
    fleet.intend(instance, "TERMINATE");
    fleet.owner.sql("UPDATE compute.instance SET terminated_at = now()").update();
    node.sync();
    assertThat(node.desired(instance).intent()).isEqualTo(Intent.TERMINATE);
    node.happens(instance, VmState.GONE, EndCause.REQUESTED, null);
    node.sync();
    assertThat(node.desired).isEmpty();
  }
}
