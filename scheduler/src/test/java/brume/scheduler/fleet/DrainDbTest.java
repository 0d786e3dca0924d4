package brume.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import brume.contract.EndCause;
import brume.contract.Intent;
import brume.contract.VmState;
import brume.scheduler.FleetCheckers;
import brume.scheduler.ScriptedNode;
import brume.scheduler.TestFleet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Nodes that their operators close or empty: what becomes of what they hold.
class DrainDbTest {
  private final TestFleet fleet = new TestFleet(1);
  private final PlacementRound placement = fleet.placement(1);

  @AfterEach
  void promisesHold() {
    FleetCheckers.check(fleet);
  }

  private List<String> running(ScriptedNode node, int count) {
    List<String> instances = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      instances.add(fleet.launch(1, 256));
    }
    placement.run();
    node.sync();
    for (String instance : instances) {
      node.happens(instance, VmState.STARTING);
      node.happens(instance, VmState.RUNNING);
    }
    node.sync();
    return instances;
  }

  private long asked(ScriptedNode node) {
    return node.desired.stream().filter(vm -> vm.intent() == Intent.STOP).count();
  }

  @Test
  void aCordonedNodeKeepsWhatItHoldsAndTakesNothingNew() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 8, 4096);
    String instance = running(node, 1).getFirst();
    fleet.want(node.id, "cordoned");
    fleet.drains.run();
    String waiting = fleet.launch(1, 256);
    placement.run();
    node.sync();
    assertThat(node.desired(instance).intent()).isEqualTo(Intent.RUN);
    assertThat(fleet.reason(waiting)).isEqualTo("no node takes new instances at the moment");
    assertThat(fleet.node(node.id))
        .containsEntry("draining", true)
        .containsEntry("drain_began_at", null);

    fleet.want(node.id, "active");
    fleet.drains.run();
    placement.run();
    node.sync();
    assertThat(node.desired(waiting).intent()).isEqualTo(Intent.RUN);
  }

  @Test
  void whatADrainedNodeHoldsStartsAgainElsewhereAFewAtATime() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 8, 4096);
    List<String> instances = running(node, 6);
    ScriptedNode other = ScriptedNode.joined(fleet, "n2", "a", 8, 4096);
    fleet.want(node.id, "draining");
    fleet.drains.run();
    node.sync();
    assertThat(asked(node)).isEqualTo(DrainRound.AT_ONCE_MAX);
    assertThat(fleet.node(node.id)).containsEntry("drain_began_with", 6);

    // The round is idempotent: nobody more is asked until one has left.
    fleet.drains.run();
    node.sync();
    assertThat(asked(node)).isEqualTo(DrainRound.AT_ONCE_MAX);

    String first = instances.getFirst();
    node.happens(first, VmState.STOPPING);
    node.happens(first, VmState.GONE, EndCause.REQUESTED, null);
    node.sync();
    fleet.drains.run();
    node.sync();
    assertThat(asked(node)).isEqualTo(DrainRound.AT_ONCE_MAX);
    assertThat(fleet.fact(first)).containsEntry("allocated", false);

    fleet.clock.advance(Duration.ofSeconds(1));
    placement.run();
    other.sync();
    assertThat(other.desired(first).intent()).isEqualTo(Intent.RUN);
    assertThat(other.desired(first).epoch()).isGreaterThan(6);
    assertThat(fleet.transitions(first).getLast()).isEqualTo("GONE REQUESTED 0.0");
  }

  @Test
  void nobodyIsStoppedWhoWouldFindNoPlace() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 8, 4096);
    running(node, 2);
    fleet.want(node.id, "draining");
    fleet.drains.run();
    node.sync();
    assertThat(asked(node)).isZero();
    assertThat(fleet.node(node.id))
        .containsEntry("drain_waits_for", "no node takes new instances at the moment");

    // Room for one of the two: one leaves, and the other goes on running.
    ScriptedNode.joined(fleet, "n2", "a", 1, 4096);
    fleet.drains.run();
    node.sync();
    assertThat(asked(node)).isEqualTo(1);
    assertThat((String) fleet.node(node.id).get("drain_waits_for"))
        .startsWith("no node has 1 vCPU and 256 MiB free");
  }

  @Test
  void aDrainThatIsTakenBackLeavesTheOthersAlone() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 8, 4096);
    running(node, 1);
    ScriptedNode.joined(fleet, "n2", "a", 8, 4096);
    fleet.want(node.id, "draining");
    fleet.drains.run();
    fleet.want(node.id, "active");
    fleet.drains.run();
    node.sync();
    assertThat(asked(node)).isZero();
    assertThat(fleet.node(node.id))
        .containsEntry("draining", false)
        .containsEntry("drain_began_at", null)
        .containsEntry("drain_began_with", null);
  }

  @Test
  void whatItsUserEndsLeavesByItself() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 8, 4096);
    String instance = running(node, 1).getFirst();
    ScriptedNode.joined(fleet, "n2", "a", 8, 4096);
    fleet.want(node.id, "draining");
    fleet.drains.run();
    fleet.intend(instance, "TERMINATE");
    node.sync();
    assertThat(node.desired(instance).intent()).isEqualTo(Intent.TERMINATE);
  }
}
