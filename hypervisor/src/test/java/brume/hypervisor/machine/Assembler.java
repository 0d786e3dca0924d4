package brume.hypervisor.machine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/// Just enough of RISC-V to write guests by hand: instructions are encoded from the tables of the
/// unprivileged specification, chapter 'instruction set listings', independently of the machine's
/// own decoder. Branches and jumps take labels; those ahead are patched when they are placed.
public final class Assembler {
  public static final int ZERO = 0, RA = 1, SP = 2, T0 = 5, T1 = 6, T2 = 7, S0 = 8, S1 = 9;
  public static final int A0 = 10, A1 = 11, A2 = 12, A3 = 13, A4 = 14, A5 = 15, A6 = 16, A7 = 17;
  public static final int S2 = 18, S3 = 19, S4 = 20;

  private final int[] code = new int[1024];
  private final Map<String, Integer> labels = new HashMap<>();
  private final Map<Integer, String> jumps = new HashMap<>();
  private int size;

  public Assembler word(int instruction) {
    code[size++] = instruction;
    return this;
  }

  public Assembler label(String name) {
    labels.put(name, size);
    return this;
  }

  private static int i(int immediate, int rs1, int function, int rd, int opcode) {
    return immediate << 20 | rs1 << 15 | function << 12 | rd << 7 | opcode;
  }

  private static int r(int function7, int rs2, int rs1, int function, int rd) {
    return function7 << 25 | rs2 << 20 | rs1 << 15 | function << 12 | rd << 7 | 0x33;
  }

  private static int s(int immediate, int rs2, int rs1, int function) {
    return (immediate >> 5 & 0x7f) << 25
        | rs2 << 20
        | rs1 << 15
        | function << 12
        | (immediate & 31) << 7
        | 0x23;
  }

  public Assembler addi(int rd, int rs1, int immediate) {
    return word(i(immediate, rs1, 0, rd, 0x13));
  }

  public Assembler andi(int rd, int rs1, int immediate) {
    return word(i(immediate & 0xfff, rs1, 7, rd, 0x13));
  }

  public Assembler slli(int rd, int rs1, int shift) {
    return word(i(shift, rs1, 1, rd, 0x13));
  }

  public Assembler srli(int rd, int rs1, int shift) {
    return word(i(shift, rs1, 5, rd, 0x13));
  }

  public Assembler add(int rd, int rs1, int rs2) {
    return word(r(0, rs2, rs1, 0, rd));
  }

  public Assembler xor(int rd, int rs1, int rs2) {
    return word(r(0, rs2, rs1, 4, rd));
  }

  public Assembler and(int rd, int rs1, int rs2) {
    return word(r(0, rs2, rs1, 7, rd));
  }

  /// Any 64-bit value, in as many steps as it has groups of eleven bits.
  public Assembler li(int rd, long value) {
    if (value >= -2048 && value < 2048) {
      return addi(rd, ZERO, (int) value & 0xfff);
    }
    int low = (int) value & 0x7ff;
    li(rd, value >> 11);
    slli(rd, rd, 11);
    return low == 0 ? this : addi(rd, rd, low);
  }

  public Assembler store(int bytes, int rs2, int offset, int rs1) {
    return word(s(offset, rs2, rs1, Integer.numberOfTrailingZeros(bytes)));
  }

  /// Signed, as `lb`, `lh`, `lw`, `ld`.
  public Assembler load(int bytes, int rd, int offset, int rs1) {
    return word(i(offset & 0xfff, rs1, Integer.numberOfTrailingZeros(bytes), rd, 3));
  }

  public Assembler amoswap(int bytes, int rd, int rs2, int rs1) {
    return atomic(1, bytes, rd, rs2, rs1);
  }

  public Assembler amoadd(int bytes, int rd, int rs2, int rs1) {
    return atomic(0, bytes, rd, rs2, rs1);
  }

  public Assembler amoxor(int bytes, int rd, int rs2, int rs1) {
    return atomic(4, bytes, rd, rs2, rs1);
  }

  public Assembler lr(int bytes, int rd, int rs1) {
    return atomic(2, bytes, rd, ZERO, rs1);
  }

  public Assembler sc(int bytes, int rd, int rs2, int rs1) {
    return atomic(3, bytes, rd, rs2, rs1);
  }

  /// With `aq` and `rl`.
  private Assembler atomic(int function5, int bytes, int rd, int rs2, int rs1) {
    int width = Integer.numberOfTrailingZeros(bytes);
    return word(function5 << 27 | 3 << 25 | rs2 << 20 | rs1 << 15 | width << 12 | rd << 7 | 0x2f);
  }

  /// `fence` by the letters of its sets: `fence("rw", "w")`.
  public Assembler fence(String before, String after) {
    return word(set(before) << 24 | set(after) << 20 | 0x0f);
  }

  private static int set(String letters) {
    return (letters.contains("r") ? 2 : 0) | (letters.contains("w") ? 1 : 0);
  }

  public Assembler fenceI() {
    return word(0x100f);
  }

  public Assembler fenceTranslations() {
    return word(0x1200_0073);
  }

  public Assembler csrw(int csr, int rs1) {
    return word(i(csr, rs1, 1, 0, 0x73));
  }

  public Assembler csrr(int rd, int csr) {
    return word(i(csr, 0, 2, rd, 0x73));
  }

  public Assembler ecall() {
    return word(0x73);
  }

  public Assembler wfi() {
    return word(0x1050_0073);
  }

  public Assembler mret() {
    return word(0x3020_0073);
  }

  public Assembler j(String label) {
    jumps.put(size, label);
    return word(0x6f);
  }

  public Assembler jr(int rs1) {
    return word(i(0, rs1, 0, 0, 0x67));
  }

  public Assembler beq(int rs1, int rs2, String label) {
    jumps.put(size, label);
    return word(rs2 << 20 | rs1 << 15 | 0x63);
  }

  public Assembler bne(int rs1, int rs2, String label) {
    jumps.put(size, label);
    return word(rs2 << 20 | rs1 << 15 | 1 << 12 | 0x63);
  }

  public Assembler blt(int rs1, int rs2, String label) {
    jumps.put(size, label);
    return word(rs2 << 20 | rs1 << 15 | 4 << 12 | 0x63);
  }

  /// `ra` = behind it.
  public Assembler jalr(int rs1) {
    return word(i(0, rs1, 0, RA, 0x67));
  }

  /// `rd` = the address of the label.
  public Assembler la(int rd, String label) {
    // auipc, then addi patched with the distance.
    word(rd << 7 | 0x17);
    jumps.put(size, label);
    return word(i(0, rd, 0, rd, 0x13));
  }

  /// An SBI call with `a0` to `a2` set already.
  public Assembler sbi(int extension, int function) {
    return li(A7, extension).li(A6, function).ecall();
  }

  /// Prints one character by SBI.
  public Assembler print(char character) {
    return li(A0, character).sbi(0x4442434e, 2);
  }

  public byte[] bytes() {
    jumps.forEach(this::patch);
    ByteBuffer buffer = ByteBuffer.allocate(4 * size).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < size; at++) {
      buffer.putInt(code[at]);
    }
    return buffer.array();
  }

  private void patch(int at, String label) {
    int distance = 4 * (labels.get(label) - at);
    switch (code[at] & 0x7f) {
      case 0x6f ->
          code[at] |=
              (distance >> 20 & 1) << 31
                  | (distance >> 1 & 0x3ff) << 21
                  | (distance >> 11 & 1) << 20
                  | (distance >> 12 & 0xff) << 12;
      case 0x63 ->
          code[at] |=
              (distance >> 12 & 1) << 31
                  | (distance >> 5 & 0x3f) << 25
                  | (distance >> 1 & 0xf) << 8
                  | (distance >> 11 & 1) << 7;
      default -> code[at] |= (distance + 4) << 20;
    }
  }
}
