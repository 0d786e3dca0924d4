package brume.node;

import brume.node.hypervisor.Hypervisor;
import brume.node.sync.SchedulerLink;
import brume.node.vm.VmTable;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// The agent's life: begins when its own HTTP port is open, ends before that closes. Stopping it
/// ends its VMs in good order and says so to the scheduler, which starts them again when there is a
/// node for them; so a cloud that is shut down and started again runs what it ran.
final class NodeAgent implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(NodeAgent.class);
  private static final Duration TELL_MAX = Duration.ofSeconds(2);

  private final Hypervisor hypervisor;
  private final VmTable table;
  private final Supplier<SchedulerLink> linking;
  private final Duration grace;
  private volatile @Nullable SchedulerLink link;

  /// @param linking called when this node's own port is open and known
  NodeAgent(Hypervisor hypervisor, VmTable table, Supplier<SchedulerLink> linking, Duration grace) {
    this.hypervisor = hypervisor;
    this.table = table;
    this.linking = linking;
    this.grace = grace;
  }

  @Override
  public void start() {
    hypervisor.removeLeftovers();
    SchedulerLink fresh = linking.get();
    fresh.start();
    link = fresh;
  }

  @Override
  public void stop() {
    SchedulerLink current = link;
    if (current == null) {
      return;
    }
    try {
      current.stop();
      table.close(grace);
      if (!current.tellLast(TELL_MAX)) {
        log.warn("the scheduler could not be told that this node's VMs have ended");
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    } finally {
      link = null;
      current.close();
      hypervisor.close();
    }
  }

  @Override
  public boolean isRunning() {
    return link != null;
  }

  /// What stands between this node and its scheduler; empty when nothing does.
  Optional<String> trouble() {
    SchedulerLink current = link;
    return current == null ? Optional.of("the agent is not running") : current.trouble();
  }
}
