package brume.hypervisor.reference;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Machine code under construction at a fixed address.
public final class Program {
  private final long base;
  private final ByteBuffer code;

  public Program(long base) {
    this(base, 4096);
  }

  public Program(long base, int capacity) {
    this.base = base;
    this.code = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  public long base() {
    return base;
  }

  public long here() {
    return base + code.position();
  }

  public byte[] bytes() {
    return java.util.Arrays.copyOf(code.array(), code.position());
  }

  public Program add(int... words) {
    for (int word : words) {
      code.putInt(word);
    }
    return this;
  }

  public Program compressed(int halfword) {
    code.putShort((short) halfword);
    return this;
  }

  public Program op(String name, int... registers) {
    return add(Rv.op(name, registers));
  }

  public Program imm(String name, int first, int second, long imm) {
    return add(Rv.imm(name, first, second, imm));
  }

  /// Any 64-bit constant, eight bits at a time where it is long.
  public Program li(int register, long value) {
    if (value == (value << 52 >> 52)) {
      return imm("addi", register, 0, value);
    }
    if (value == (int) value) {
      int low = (int) value << 20 >> 20;
      imm("lui", register, 0, (int) value - low);
      return imm("addiw", register, register, low);
    }
    imm("addi", register, 0, value >> 56);
    for (int shift = 45; shift >= 1; shift -= 11) {
      imm("slli", register, register, 11);
      imm("addi", register, register, value >>> shift & 0x7ff);
    }
    imm("slli", register, register, 1);
    return imm("addi", register, register, value & 1);
  }

  public Program writeCsr(int csr, long value) {
    return li(Rv.T6, value).imm("csrrw", 0, Rv.T6, csr);
  }

  /// A forward jump's place, filled in by [#land].
  public int leap() {
    add(0);
    return code.position() - 4;
  }

  public Program land(int leap) {
    code.putInt(leap, Rv.imm("jal", 0, 0, code.position() - leap));
    return this;
  }
}
