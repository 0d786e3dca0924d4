package brume.hypervisor.device;

import brume.hypervisor.memory.AccessFault;
import brume.hypervisor.memory.MmioDevice;

/// The platform-level interrupt controller (RISC-V PLIC 1.0.0): sources 1 to 63 with priorities 0
/// to 7, all level-triggered, and two contexts for each hart, M-mode (even) and S-mode (odd).
///
/// A source is pending while its wire is high and nobody has claimed it; so a wire that falls
/// before the claim leaves nothing behind, and one still high at completion is pending again.
public final class Plic implements MmioDevice {
  /// Source 0 stands for 'none' and does not exist.
  public static final int SOURCES = 64;

  private static final int PENDING = 0x1000;
  private static final int ENABLE = 0x2000, ENABLE_STRIDE = 0x80;
  private static final int CONTEXT = 0x20_0000, CONTEXT_STRIDE = 0x1000;
  private static final int CLAIM = 4;
  private static final int PRIORITY_MASK = 7;

  private final int[] priority = new int[SOURCES];
  private final long[] enabled;
  private final int[] threshold;
  private final InterruptLine[] outputs;
  private long level;
  private long claimed;

  /// @param outputs for each context the wire to its hart: M-mode and S-mode of hart 0, of hart 1,
  ///   and so on
  public Plic(InterruptLine... outputs) {
    this.outputs = outputs.clone();
    this.enabled = new long[outputs.length];
    this.threshold = new int[outputs.length];
  }

  /// The wire of one source. Under the machine's device lock.
  public InterruptLine source(int number) {
    if (number < 1 || number >= SOURCES) {
      throw new IllegalArgumentException("PLIC source " + number + ": must be 1 to 63");
    }
    long bit = 1L << number;
    return high -> {
      long before = level;
      level = high ? level | bit : level & ~bit;
      if (level != before) {
        updateOutputs();
      }
    };
  }

  @Override
  public long load(long offset, int bytes) {
    requireWord(offset, bytes);
    if (offset < PENDING) {
      int source = (int) (offset >> 2);
      return source < SOURCES ? priority[source] : 0;
    }
    if (offset < ENABLE) {
      return half(level & ~claimed, (offset - PENDING) >> 2);
    }
    if (offset < CONTEXT) {
      int context = (int) ((offset - ENABLE) / ENABLE_STRIDE);
      long word = ((offset - ENABLE) % ENABLE_STRIDE) >> 2;
      return context < enabled.length ? half(enabled[context], word) : 0;
    }
    int context = (int) ((offset - CONTEXT) / CONTEXT_STRIDE);
    long register = (offset - CONTEXT) % CONTEXT_STRIDE;
    if (context >= outputs.length) {
      return 0;
    }
    if (register == 0) {
      return threshold[context];
    }
    return register == CLAIM ? claim(context) : 0;
  }

  @Override
  public void store(long offset, int bytes, long value) {
    requireWord(offset, bytes);
    if (offset < PENDING) {
      int source = (int) (offset >> 2);
      if (source > 0 && source < SOURCES) {
        priority[source] = (int) value & PRIORITY_MASK;
      }
    } else if (offset >= ENABLE && offset < CONTEXT) {
      int context = (int) ((offset - ENABLE) / ENABLE_STRIDE);
      long word = ((offset - ENABLE) % ENABLE_STRIDE) >> 2;
      if (context < enabled.length && word < SOURCES / 32) {
        int shift = (int) word * 32;
        enabled[context] =
            ((enabled[context] & ~(0xffff_ffffL << shift)) | ((value & 0xffff_ffffL) << shift))
                & ~1L;
      }
    } else if (offset >= CONTEXT) {
      int context = (int) ((offset - CONTEXT) / CONTEXT_STRIDE);
      long register = (offset - CONTEXT) % CONTEXT_STRIDE;
      if (context < outputs.length && register == 0) {
        threshold[context] = (int) value & PRIORITY_MASK;
      } else if (context < outputs.length && register == CLAIM) {
        complete(context, value & 0xffff_ffffL);
      }
    }
    updateOutputs();
  }

  /// PLIC 1.0.0 §9: the highest priority wins, then the lowest number; 0 when there is none.
  private int best(int context, int above) {
    int best = 0;
    int bestPriority = above;
    for (long left = level & ~claimed & enabled[context]; left != 0; left &= left - 1) {
      int source = Long.numberOfTrailingZeros(left);
      if (priority[source] > bestPriority) {
        best = source;
        bestPriority = priority[source];
      }
    }
    return best;
  }

  private int claim(int context) {
    // A claim does not look at the threshold (§8): a hart that polls may have masked everything.
    int source = best(context, 0);
    if (source != 0) {
      claimed |= 1L << source;
      updateOutputs();
    }
    return source;
  }

  private void complete(int context, long source) {
    // §10: the completion of a source that the context has not enabled is ignored.
    if (source > 0 && source < SOURCES && (enabled[context] >> source & 1) != 0) {
      claimed &= ~(1L << source);
    }
  }

  private void updateOutputs() {
    for (int context = 0; context < outputs.length; context++) {
      outputs[context].set(best(context, threshold[context]) != 0);
    }
  }

  private static long half(long bits, long word) {
    return word == 0 ? bits & 0xffff_ffffL : word == 1 ? bits >>> 32 : 0;
  }

  private static void requireWord(long offset, int bytes) {
    if (bytes != 4 || (offset & 3) != 0) {
      throw new AccessFault(MemoryMap.PLIC + offset);
    }
  }
}
