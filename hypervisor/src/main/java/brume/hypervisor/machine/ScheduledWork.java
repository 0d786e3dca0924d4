package brume.hypervisor.machine;

/// What the scheduler runs in slices: one virtual processor of a machine. Never on two threads at
/// once, but beside the others of its machine.
interface ScheduledWork {
  /// What a slice came to.
  sealed interface Outcome {
    /// There is more to do.
    record Ready() implements Outcome {}

    /// Nothing to do until `nanoTime` (Long.MAX_VALUE: until woken).
    record Idle(long nanoTime) implements Outcome {}

    /// Over; it will not be run again.
    record Finished() implements Outcome {}
  }

  Outcome READY = new Outcome.Ready();
  Outcome FINISHED = new Outcome.Finished();
  Outcome UNTIL_WOKEN = new Outcome.Idle(Long.MAX_VALUE);

  /// Works for about `nanos`. Must not throw: what goes wrong is the work's own end.
  Outcome runSlice(long nanos);

  /// How long, since this was last asked, the thread was held up without using the processor, as by
  /// a slow disk. It counts as processor time for the share.
  default long takeBlockedNanos() {
    return 0;
  }
}
