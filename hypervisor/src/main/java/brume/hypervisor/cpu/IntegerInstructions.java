package brume.hypervisor.cpu;

/// RV64I without memory and control flow: RISC-V unprivileged §2.4 and §4.2. Java's shifts take the
/// count modulo the width, as RISC-V's do, so an immediate shift may keep its upper bits.
final class IntegerInstructions {
  private IntegerInstructions() {}

  static Instruction create(Encoding encoding, int bits, int raw) {
    return switch (encoding) {
      case ADD -> new Add(bits, raw);
      case SUB -> new Sub(bits, raw);
      case SLL -> new Sll(bits, raw);
      case SLT -> new Slt(bits, raw);
      case SLTU -> new Sltu(bits, raw);
      case XOR -> new Xor(bits, raw);
      case SRL -> new Srl(bits, raw);
      case SRA -> new Sra(bits, raw);
      case OR -> new Or(bits, raw);
      case AND -> new And(bits, raw);
      case ADDI -> addImmediate(bits, raw);
      case SLTI -> new Slti(bits, raw);
      case SLTIU -> new Sltiu(bits, raw);
      case XORI -> new Xori(bits, raw);
      case ORI -> new Ori(bits, raw);
      case ANDI -> new Andi(bits, raw);
      case SLLI -> new Slli(bits, raw);
      case SRLI -> new Srli(bits, raw);
      case SRAI -> new Srai(bits, raw);
      case ADDW -> new Addw(bits, raw);
      case SUBW -> new Subw(bits, raw);
      case SLLW -> new Sllw(bits, raw);
      case SRLW -> new Srlw(bits, raw);
      case SRAW -> new Sraw(bits, raw);
      case ADDIW -> new Addiw(bits, raw);
      case SLLIW -> new Slliw(bits, raw);
      case SRLIW -> new Srliw(bits, raw);
      case SRAIW -> new Sraiw(bits, raw);
      case LUI -> new Lui(bits, raw);
      case AUIPC -> new Auipc(bits, raw);
      default -> throw new AssertionError(encoding);
    };
  }

  private static long word(long value) {
    return (int) value;
  }

  /// The three forms of `addi` that compilers use most have no need of an addition.
  private static Instruction addImmediate(int bits, int raw) {
    if (Instruction.rs1(bits) == 0) {
      return new LoadImmediate(bits, raw);
    }
    return Instruction.immediateI(bits) == 0 ? new Move(bits, raw) : new Addi(bits, raw);
  }

  /// `rd = f(rs1, rs2)`.
  abstract static class TwoRegisters extends Instruction {
    final byte rd;
    final byte rs1;
    final byte rs2;

    TwoRegisters(int bits, int raw) {
      super(raw);
      rd = (byte) rd(bits);
      rs1 = (byte) rs1(bits);
      rs2 = (byte) rs2(bits);
    }
  }

  /// `rd = f(rs1, immediate)`.
  abstract static class Immediate extends Instruction {
    final byte rd;
    final byte rs1;
    final short immediate;

    Immediate(int bits, int raw) {
      super(raw);
      rd = (byte) rd(bits);
      rs1 = (byte) rs1(bits);
      immediate = (short) immediateI(bits);
    }
  }

  static final class Add extends TwoRegisters {
    Add(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) + h.get(rs2));
      return next;
    }
  }

  static final class Sub extends TwoRegisters {
    Sub(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) - h.get(rs2));
      return next;
    }
  }

  static final class Sll extends TwoRegisters {
    Sll(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) << h.get(rs2));
      return next;
    }
  }

  static final class Slt extends TwoRegisters {
    Slt(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) < h.get(rs2) ? 1 : 0);
      return next;
    }
  }

  static final class Sltu extends TwoRegisters {
    Sltu(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Long.compareUnsigned(h.get(rs1), h.get(rs2)) < 0 ? 1 : 0);
      return next;
    }
  }

  static final class Xor extends TwoRegisters {
    Xor(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) ^ h.get(rs2));
      return next;
    }
  }

  static final class Srl extends TwoRegisters {
    Srl(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) >>> h.get(rs2));
      return next;
    }
  }

  static final class Sra extends TwoRegisters {
    Sra(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) >> h.get(rs2));
      return next;
    }
  }

  static final class Or extends TwoRegisters {
    Or(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) | h.get(rs2));
      return next;
    }
  }

  static final class And extends TwoRegisters {
    And(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) & h.get(rs2));
      return next;
    }
  }

  static final class Addi extends Immediate {
    Addi(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) + immediate);
      return next;
    }
  }

  static final class Slti extends Immediate {
    Slti(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) < immediate ? 1 : 0);
      return next;
    }
  }

  static final class Sltiu extends Immediate {
    Sltiu(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, Long.compareUnsigned(h.get(rs1), immediate) < 0 ? 1 : 0);
      return next;
    }
  }

  static final class Xori extends Immediate {
    Xori(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) ^ immediate);
      return next;
    }
  }

  static final class Ori extends Immediate {
    Ori(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) | immediate);
      return next;
    }
  }

  static final class Andi extends Immediate {
    Andi(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) & immediate);
      return next;
    }
  }

  static final class Slli extends Immediate {
    Slli(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) << immediate);
      return next;
    }
  }

  static final class Srli extends Immediate {
    Srli(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) >>> immediate);
      return next;
    }
  }

  static final class Srai extends Immediate {
    Srai(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1) >> immediate);
      return next;
    }
  }

  static final class Addw extends TwoRegisters {
    Addw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, word(h.get(rs1) + h.get(rs2)));
      return next;
    }
  }

  static final class Subw extends TwoRegisters {
    Subw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, word(h.get(rs1) - h.get(rs2)));
      return next;
    }
  }

  static final class Sllw extends TwoRegisters {
    Sllw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, (int) h.get(rs1) << (int) h.get(rs2));
      return next;
    }
  }

  static final class Srlw extends TwoRegisters {
    Srlw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, (int) h.get(rs1) >>> (int) h.get(rs2));
      return next;
    }
  }

  static final class Sraw extends TwoRegisters {
    Sraw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, (int) h.get(rs1) >> (int) h.get(rs2));
      return next;
    }
  }

  static final class Addiw extends Immediate {
    Addiw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, word(h.get(rs1) + immediate));
      return next;
    }
  }

  static final class Slliw extends Immediate {
    Slliw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, (int) h.get(rs1) << immediate);
      return next;
    }
  }

  static final class Srliw extends Immediate {
    Srliw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, (int) h.get(rs1) >>> immediate);
      return next;
    }
  }

  static final class Sraiw extends Immediate {
    Sraiw(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, (int) h.get(rs1) >> immediate);
      return next;
    }
  }

  static final class LoadImmediate extends Immediate {
    LoadImmediate(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, immediate);
      return next;
    }
  }

  static final class Move extends Immediate {
    Move(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.get(rs1));
      return next;
    }
  }

  /// `rd = f(upper immediate)`.
  abstract static class Upper extends Instruction {
    final byte rd;
    final int immediate;

    Upper(int bits, int raw) {
      super(raw);
      rd = (byte) rd(bits);
      immediate = bits & 0xffff_f000;
    }
  }

  static final class Lui extends Upper {
    Lui(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, immediate);
      return next;
    }
  }

  static final class Auipc extends Upper {
    Auipc(int bits, int raw) {
      super(bits, raw);
    }

    @Override
    Instruction execute(Hart h) {
      h.set(rd, h.pageBase + offset + immediate);
      return next;
    }
  }
}
