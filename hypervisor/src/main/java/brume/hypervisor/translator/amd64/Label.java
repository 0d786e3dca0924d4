package brume.hypervisor.translator.amd64;

import java.util.Arrays;

/// A place in machine code that jumps may lead to before it is known.
final class Label {
  static final int UNBOUND = -1;

  int position = UNBOUND;
  private int[] jumps = new int[2];
  private int count;

  /// The four bytes at `place` are to say how far it is from behind them to here.
  void awaitedAt(int place) {
    if (count == jumps.length) {
      jumps = Arrays.copyOf(jumps, 2 * count);
    }
    jumps[count++] = place;
  }

  int[] awaited() {
    return Arrays.copyOf(jumps, count);
  }
}
