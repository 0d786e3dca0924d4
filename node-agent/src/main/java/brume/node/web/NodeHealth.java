package brume.node.web;

import brume.node.sync.Lease;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// UP while the node holds a lease: then, and only then, does it run VMs.
public final class NodeHealth implements HealthIndicator {
  private final Supplier<Optional<String>> trouble;
  private final Lease lease;

  public NodeHealth(Supplier<Optional<String>> trouble, Lease lease) {
    this.trouble = trouble;
    this.lease = lease;
  }

  @Override
  public Health health() {
    Health.Builder health = lease.leftNanos().isPresent() ? Health.up() : Health.down();
    trouble.get().ifPresent(said -> health.withDetail("scheduler", said));
    return health.build();
  }
}
