package brume.node.vm;

/// Time that only goes forward, in nanoseconds from an arbitrary start. Leases and event times are
/// counted on it, since a wall clock may be set.
@FunctionalInterface
public interface MonotonicClock {
  long nanos();
}
