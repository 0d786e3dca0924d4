package brume.hypervisor.firmware;

import brume.hypervisor.memory.GuestRam;
import java.util.Arrays;

/// What each hart of a paravirtual machine lost to others: the time in which it could have run and
/// did not, told to the guest through 64 bytes of its own memory (SBI 3.0 §16):
///
/// ```
///   0 sequence, odd while it is being written    4 flags, 0
///   8 steal, nanoseconds                        16 preempted, 0: never seen by a hart that runs
/// ```
///
/// A hart that waits for an interrupt loses nothing, nor does a machine that is paused. Each hart's
/// part is touched by the thread that runs it.
public final class StealTime {
  /// Of the shared memory, and its alignment.
  static final int BYTES = 64;

  private static final long NONE = -1;
  private static final int SEQUENCE = 0, STEAL = 8;

  private final GuestRam ram;

  /// Physical addresses; [#NONE] where the guest has not asked.
  private final long[] shared;

  private final long[] stolen;

  /// When the hart was last taken off its thread though it could have gone on.
  private final long[] leftAt;

  private final boolean[] left;

  public StealTime(GuestRam ram, int harts) {
    this.ram = ram;
    this.shared = new long[harts];
    this.stolen = new long[harts];
    this.leftAt = new long[harts];
    this.left = new boolean[harts];
    Arrays.fill(shared, NONE);
  }

  /// `address` is aligned and in RAM.
  void share(int hart, long address) {
    ram.write(address, new byte[BYTES], 0, BYTES);
    shared[hart] = address;
    stolen[hart] = 0;
  }

  void stopSharing(int hart) {
    shared[hart] = NONE;
  }

  /// The hart begins to run.
  public void enter(int hart, long nanoTime) {
    if (left[hart]) {
      left[hart] = false;
      stolen[hart] += Math.max(0, nanoTime - leftAt[hart]);
      if (shared[hart] != NONE) {
        tell(hart);
      }
    }
  }

  /// The hart stops running for now.
  public void leave(int hart, long nanoTime, boolean couldGoOn) {
    left[hart] = couldGoOn;
    leftAt[hart] = nanoTime;
  }

  /// Until a hart is entered again, nothing is lost: the machine is paused.
  public void pause() {
    Arrays.fill(left, false);
  }

  private void tell(int hart) {
    long at = shared[hart];
    int sequence = ram.load32(at + SEQUENCE);
    ram.store32(at + SEQUENCE, sequence + 1);
    ram.store64(at + STEAL, stolen[hart]);
    ram.store32(at + SEQUENCE, sequence + 2);
  }
}
