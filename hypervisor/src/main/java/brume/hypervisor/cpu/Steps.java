package brume.hypervisor.cpu;

import org.jspecify.annotations.Nullable;

/// What stands in a chain of instructions without being one: the machine's own steps. Each gives
/// back the credit that the run loop took for it.
final class Steps {
  private Steps() {}

  /// One instruction that nobody keeps, from a page of which only parts may be executed.
  static Instruction single(Hart h, long target, int low) {
    int offset = (int) target & CodePage.BYTES - 1;
    int bits = low;
    if ((low & 3) == 3) {
      int high = h.mmu.fetchHalf(target + 2);
      if (high < 0) {
        return new FetchFault(offset, h.mmu.fault, target + 2);
      }
      bits |= high << 16;
    }
    Instruction instruction = h.group.decoder.decode(bits);
    instruction.offset = (short) offset;
    instruction.next = new Refetch(offset + instruction.length);
    return instruction;
  }

  /// Looks `offset` up anew: the end of a page, or the next instruction of a page whose memory
  /// protection is finer than a page.
  static final class Refetch extends Instruction {
    Refetch(int offset) {
      super(0);
      this.offset = (short) offset;
      this.next = this;
    }

    @Override
    Instruction execute(Hart h) {
      h.credit++;
      return h.jump(h.pageBase + offset);
    }
  }

  /// Where a region goes on behind an instruction that the interpreter executed for it; nobody
  /// executes this one.
  static final class Behind extends Instruction {
    Behind(int offset) {
      super(0);
      this.offset = (short) offset;
      this.next = this;
    }

    @Override
    Instruction execute(Hart h) {
      throw new AssertionError(offset);
    }
  }

  /// The place where decoding stopped; decodes on and puts the result in its own place.
  static final class Undecoded extends Instruction {
    private final Instruction previous;

    Undecoded(Instruction previous, int offset) {
      super(0);
      this.previous = previous;
      this.offset = (short) offset;
      this.next = this;
    }

    @Override
    Instruction execute(Hart h) {
      h.credit++;
      Instruction decoded = h.inPage(offset);
      previous.next = decoded;
      return decoded;
    }
  }

  /// An instruction of 32 bits in the last 2 bytes of a page and the first 2 of what the address
  /// space holds behind it; these may be other bytes each time.
  static final class CrossPage extends Instruction {
    private final HartGroup group;
    private @Nullable Instruction whole;

    CrossPage(HartGroup group, int lowHalf) {
      super(lowHalf);
      this.group = group;
      this.offset = (short) (CodePage.BYTES - 2);
      this.length = 4;
      this.next = this;
    }

    @Override
    Instruction execute(Hart h) {
      h.credit++;
      long behind = h.pageBase + CodePage.BYTES;
      int high = h.mmu.fetchHalf(behind);
      if (high < 0) {
        return new FetchFault(offset, h.mmu.fault, behind);
      }
      int bits = (high << 16) | raw;
      Instruction instruction = whole;
      if (instruction == null || instruction.raw != bits) {
        instruction = group.decoder.decode(bits);
        instruction.offset = offset;
        instruction.next = new Refetch(CodePage.BYTES + 2);
        whole = instruction;
      }
      return instruction;
    }
  }

  /// Nothing can be fetched here. An attempt like an instruction's, so that a guest whose trap
  /// handler is nowhere spends its budget.
  static final class FetchFault extends Instruction {
    private final int cause;
    private final long value;

    FetchFault(int offset, int cause, long value) {
      super(0);
      this.cause = cause;
      this.value = value;
      this.offset = (short) offset;
      this.next = this;
    }

    @Override
    Instruction execute(Hart h) {
      return h.trap(this, cause, value);
    }
  }
}
