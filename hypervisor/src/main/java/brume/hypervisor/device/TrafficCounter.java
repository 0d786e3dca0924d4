package brume.hypervisor.device;

import java.util.concurrent.atomic.LongAdder;

/// What went through one device since the machine was made. Counted by the machine's threads, read
/// by any.
public final class TrafficCounter {
  private final LongAdder bytesToGuest = new LongAdder();
  private final LongAdder bytesFromGuest = new LongAdder();
  private final LongAdder operations = new LongAdder();
  private final LongAdder dropped = new LongAdder();

  /// What had been counted at one moment.
  ///
  /// @param bytesToGuest read from a disk, received from a network, typed into a console
  /// @param bytesFromGuest written to a disk, sent to a network, printed
  /// @param operations requests, frames or characters
  /// @param dropped operations that were refused or lost
  public record Snapshot(long bytesToGuest, long bytesFromGuest, long operations, long dropped) {
    public static final Snapshot ZERO = new Snapshot(0, 0, 0, 0);

    public Snapshot plus(Snapshot other) {
      return new Snapshot(
          bytesToGuest + other.bytesToGuest,
          bytesFromGuest + other.bytesFromGuest,
          operations + other.operations,
          dropped + other.dropped);
    }
  }

  public void toGuest(long bytes) {
    bytesToGuest.add(bytes);
    operations.increment();
  }

  public void fromGuest(long bytes) {
    bytesFromGuest.add(bytes);
    operations.increment();
  }

  public void dropped() {
    dropped.increment();
  }

  public Snapshot snapshot() {
    return new Snapshot(bytesToGuest.sum(), bytesFromGuest.sum(), operations.sum(), dropped.sum());
  }
}
