package brume.hypervisor.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Jumps and branches: RISC-V unprivileged §2.5.
final class ControlInstructions {
  private static final int SEEN_MAX = 24;
  private static final int[] NOTHING = {};

  private ControlInstructions() {}

  static Instruction create(Encoding encoding, int bits, int raw) {
    return switch (encoding) {
      case JAL -> new Jal(bits, raw);
      case JALR -> isReturn(bits) ? new Return(bits, raw) : new Jalr(bits, raw);
      case BEQ -> new Beq(bits, raw);
      case BNE -> new Bne(bits, raw);
      case BLT -> new Blt(bits, raw);
      case BGE -> new Bge(bits, raw);
      case BLTU -> new Bltu(bits, raw);
      case BGEU -> new Bgeu(bits, raw);
      default -> throw new AssertionError(encoding);
    };
  }

  static boolean isReturn(int bits) {
    return (bits & ~0xf_8000) == 0x67 && (Instruction.rs1(bits) == 1 || Instruction.rs1(bits) == 5);
  }

  static final class Jal extends Instruction implements Leaving {
    private final byte rd;
    private final int displacement;
    private @Nullable Instruction target;

    Jal(int bits, int raw) {
      super(raw);
      rd = (byte) rd(bits);
      displacement = immediateJ(bits);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.pageBase + offset + length);
      Instruction to = target;
      return to != null ? to : find(h);
    }

    private Instruction find(Hart h) {
      int to = offset + displacement;
      if (h.leavesPage(to)) {
        return h.jump(h.pageBase + to);
      }
      boolean entered = displacement <= 0 || rd != DISCARD;
      Instruction found = entered ? h.entry(to) : h.inPage(to);
      target = found;
      return found;
    }
  }

  static final class Jalr extends Instruction implements Leaving {
    private final byte rd;
    private final byte rs1;
    private final short immediate;
    private long last;
    private int[] seen = NOTHING;

    Jalr(int bits, int raw) {
      super(raw);
      rd = (byte) rd(bits);
      rs1 = (byte) rs1(bits);
      immediate = (short) immediateI(bits);
    }

    @Override
    Instruction execute(Hart h) {
      long to = (h.get(rs1) + immediate) & ~1;
      h.set(rd, h.pageBase + offset + length);
      if (to != last) {
        remember(to, to - h.pageBase);
      }
      return h.jump(to);
    }

    private void remember(long to, long distance) {
      last = to;
      int[] known = seen;
      if (distance == (int) distance
          && known.length < SEEN_MAX
          && Arrays.stream(known).noneMatch(other -> other == (int) distance)) {
        int[] more = Arrays.copyOf(known, known.length + 1);
        more[known.length] = (int) distance;
        seen = more;
      }
    }

    /// Where it has led so far, as distances from its page; not more than a few.
    int[] seen() {
      return seen;
    }
  }

  /// Back to where a call came from.
  static final class Return extends Instruction implements Leaving {
    private final byte rs1;

    Return(int bits, int raw) {
      super(raw);
      rs1 = (byte) rs1(bits);
    }

    @Override
    Instruction execute(Hart h) {
      return h.jump(h.get(rs1) & ~1);
    }
  }

  /// Compares and goes on at `target`, which is found once where it lies in the same page.
  abstract static class Branch extends Instruction {
    final byte rs1;
    final byte rs2;
    private final short displacement;
    private @Nullable Instruction target;

    Branch(int bits, int raw) {
      super(raw);
      rs1 = (byte) rs1(bits);
      rs2 = (byte) rs2(bits);
      displacement = (short) immediateB(bits);
    }

    final Instruction taken(Hart h) {
      Instruction to = target;
      return to != null ? to : find(h);
    }

    private Instruction find(Hart h) {
      int to = offset + displacement;
      if (h.leavesPage(to)) {
        return h.jump(h.pageBase + to);
      }
      Instruction found = displacement <= 0 ? h.entry(to) : h.inPage(to);
      target = found;
      return found;
    }

    /// Whether it was ever taken to a place in its own page.
    final boolean seenTaken() {
      return target != null;
    }
  }

  static final class Beq extends Branch {
    Beq(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      return h.get(rs1) == h.get(rs2) ? taken(h) : next;
    }
  }

  static final class Bne extends Branch {
    Bne(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      return h.get(rs1) != h.get(rs2) ? taken(h) : next;
    }
  }

  static final class Blt extends Branch {
    Blt(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      return h.get(rs1) < h.get(rs2) ? taken(h) : next;
    }
  }

  static final class Bge extends Branch {
    Bge(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      return h.get(rs1) >= h.get(rs2) ? taken(h) : next;
    }
  }

  static final class Bltu extends Branch {
    Bltu(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      return Long.compareUnsigned(h.get(rs1), h.get(rs2)) < 0 ? taken(h) : next;
    }
  }

  static final class Bgeu extends Branch {
    Bgeu(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      return Long.compareUnsigned(h.get(rs1), h.get(rs2)) >= 0 ? taken(h) : next;
    }
  }
}
