package brume.scheduler.sync;

import static org.assertj.core.api.Assertions.assertThat;

import brume.contract.EndCause;
import brume.contract.Intent;
import brume.contract.VmState;
import brume.scheduler.ScriptedNode;
import brume.scheduler.TestFleet;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// A launch and its end, through the real stores on PostgreSQL with the scheduler's own role.
class LaunchDbTest {
  private final TestFleet fleet = new TestFleet(1);

  @Test
  void runsAnInstanceFromDemandToItsEnd() {
    ScriptedNode node = ScriptedNode.joined(fleet, "n1", "a", 4, 1024);
    String instance = fleet.launch(1, 256);
    fleet.placement(1).run();
    assertThat(fleet.fact(instance))
        .containsEntry("allocated", true)
        .containsEntry("vm_state", null);
    assertThat(fleet.node(node.id))
        .containsEntry("vcpu_used", 1)
        .containsEntry("memory_mib_used", 256);

    node.sync();
    assertThat(node.desired(instance).intent()).isEqualTo(Intent.RUN);
    assertThat(node.desired(instance).imageSource()).isEqualTo("builtin:debian-micro");
    assertThat(node.desired(instance).userDataBase64()).isEqualTo("IyEvYmluL3NoCg==");
    node.happens(instance, VmState.STARTING);
    fleet.clock.advance(Duration.ofSeconds(2));
    node.happens(instance, VmState.RUNNING);
    fleet.clock.advance(Duration.ofSeconds(1));
    assertThat(node.sync().acknowledgedSequence()).isEqualTo(2);
    assertThat(fleet.fact(instance)).containsEntry("vm_state", "RUNNING");

    fleet.intend(instance, "TERMINATE");
    node.sync();
    assertThat(node.desired(instance).intent()).isEqualTo(Intent.TERMINATE);
    fleet.clock.advance(Duration.ofSeconds(4));
    node.happens(instance, VmState.STOPPING);
    node.happens(instance, VmState.GONE, EndCause.REQUESTED, null);
    node.sync();
    assertThat(node.desired).isEmpty();
    assertThat(fleet.fact(instance))
        .containsEntry("allocated", false)
        .containsEntry("vm_state", "GONE");
    assertThat(fleet.node(node.id))
        .containsEntry("vcpu_used", 0)
        .containsEntry("memory_mib_used", 0);
    assertThat(fleet.transitions(instance))
        .containsExactly("STARTING 0.0", "RUNNING 2.0", "STOPPING 7.0", "GONE REQUESTED 7.0");
  }
}
