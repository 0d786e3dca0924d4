package brume.hypervisor.reference;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An assembler for tests: encodings copied by hand out of the specification's listings
/// (unprivileged chapter 35, privileged chapter 21), deliberately apart from the table that the
/// real decoder is made from. Registers are numbers; offsets are in bytes.
public final class Rv {
  public static final int ZERO = 0, RA = 1, SP = 2, T0 = 5, T1 = 6, T2 = 7, S0 = 8, S1 = 9;
  public static final int A0 = 10, A1 = 11, A2 = 12, A3 = 13, A4 = 14, A5 = 15, T3 = 28, T4 = 29;
  public static final int T5 = 30, T6 = 31;

  /// Name, format, and the fixed bits: opcode, funct3, then funct7, funct5 or a whole immediate.
  private static final String TABLE =
      """
      lui U 37
      auipc U 17
      jal J 6f
      jalr I 67 0
      beq B 63 0
      bne B 63 1
      blt B 63 4
      bge B 63 5
      bltu B 63 6
      bgeu B 63 7
      lb I 03 0
      lh I 03 1
      lw I 03 2
      ld I 03 3
      lbu I 03 4
      lhu I 03 5
      lwu I 03 6
      sb S 23 0
      sh S 23 1
      sw S 23 2
      sd S 23 3
      addi I 13 0
      slti I 13 2
      sltiu I 13 3
      xori I 13 4
      ori I 13 6
      andi I 13 7
      slli H 13 1 00
      srli H 13 5 00
      srai H 13 5 10
      addiw I 1b 0
      slliw W 1b 1 00
      srliw W 1b 5 00
      sraiw W 1b 5 20
      add R 33 0 00
      sub R 33 0 20
      sll R 33 1 00
      slt R 33 2 00
      sltu R 33 3 00
      xor R 33 4 00
      srl R 33 5 00
      sra R 33 5 20
      or R 33 6 00
      and R 33 7 00
      addw R 3b 0 00
      subw R 3b 0 20
      sllw R 3b 1 00
      srlw R 3b 5 00
      sraw R 3b 5 20
      mul R 33 0 01
      mulh R 33 1 01
      mulhsu R 33 2 01
      mulhu R 33 3 01
      div R 33 4 01
      divu R 33 5 01
      rem R 33 6 01
      remu R 33 7 01
      mulw R 3b 0 01
      divw R 3b 4 01
      divuw R 3b 5 01
      remw R 3b 6 01
      remuw R 3b 7 01
      add.uw R 3b 0 04
      sh1add R 33 2 10
      sh2add R 33 4 10
      sh3add R 33 6 10
      sh1add.uw R 3b 2 10
      sh2add.uw R 3b 4 10
      sh3add.uw R 3b 6 10
      slli.uw H 1b 1 02
      andn R 33 7 20
      orn R 33 6 20
      xnor R 33 4 20
      clz Z 13 1 600
      clzw Z 1b 1 600
      ctz Z 13 1 601
      ctzw Z 1b 1 601
      cpop Z 13 1 602
      cpopw Z 1b 1 602
      sext.b Z 13 1 604
      sext.h Z 13 1 605
      zext.h Z 3b 4 080
      max R 33 6 05
      maxu R 33 7 05
      min R 33 4 05
      minu R 33 5 05
      rol R 33 1 30
      rolw R 3b 1 30
      ror R 33 5 30
      rorw R 3b 5 30
      rori H 13 5 18
      roriw W 1b 5 30
      orc.b Z 13 5 287
      rev8 Z 13 5 6b8
      clmul R 33 1 05
      clmulr R 33 2 05
      clmulh R 33 3 05
      bclr R 33 1 24
      bext R 33 5 24
      binv R 33 1 34
      bset R 33 1 14
      bclri H 13 1 12
      bexti H 13 5 12
      binvi H 13 1 1a
      bseti H 13 1 0a
      lr.w A 2f 2 02
      sc.w A 2f 2 03
      amoswap.w A 2f 2 01
      amoadd.w A 2f 2 00
      amoxor.w A 2f 2 04
      amoand.w A 2f 2 0c
      amoor.w A 2f 2 08
      amomin.w A 2f 2 10
      amomax.w A 2f 2 14
      amominu.w A 2f 2 18
      amomaxu.w A 2f 2 1c
      lr.d A 2f 3 02
      sc.d A 2f 3 03
      amoswap.d A 2f 3 01
      amoadd.d A 2f 3 00
      amoxor.d A 2f 3 04
      amoand.d A 2f 3 0c
      amoor.d A 2f 3 08
      amomin.d A 2f 3 10
      amomax.d A 2f 3 14
      amominu.d A 2f 3 18
      amomaxu.d A 2f 3 1c
      csrrw C 73 1
      csrrs C 73 2
      csrrc C 73 3
      csrrwi C 73 5
      csrrsi C 73 6
      csrrci C 73 7
      flw I 07 2
      fld I 07 3
      fsw S 27 2
      fsd S 27 3
      fmadd.s 4 43 0
      fmsub.s 4 47 0
      fnmsub.s 4 4b 0
      fnmadd.s 4 4f 0
      fmadd.d 4 43 1
      fmsub.d 4 47 1
      fnmsub.d 4 4b 1
      fnmadd.d 4 4f 1
      fadd.s F 53 00
      fsub.s F 53 04
      fmul.s F 53 08
      fdiv.s F 53 0c
      fsqrt.s 1 53 2c 0
      fadd.d F 53 01
      fsub.d F 53 05
      fmul.d F 53 09
      fdiv.d F 53 0d
      fsqrt.d 1 53 2d 0
      fsgnj.s R 53 0 10
      fsgnjn.s R 53 1 10
      fsgnjx.s R 53 2 10
      fmin.s R 53 0 14
      fmax.s R 53 1 14
      fle.s R 53 0 50
      flt.s R 53 1 50
      feq.s R 53 2 50
      fsgnj.d R 53 0 11
      fsgnjn.d R 53 1 11
      fsgnjx.d R 53 2 11
      fmin.d R 53 0 15
      fmax.d R 53 1 15
      fle.d R 53 0 51
      flt.d R 53 1 51
      feq.d R 53 2 51
      fcvt.w.s 1 53 60 0
      fcvt.wu.s 1 53 60 1
      fcvt.l.s 1 53 60 2
      fcvt.lu.s 1 53 60 3
      fcvt.s.w 1 53 68 0
      fcvt.s.wu 1 53 68 1
      fcvt.s.l 1 53 68 2
      fcvt.s.lu 1 53 68 3
      fcvt.w.d 1 53 61 0
      fcvt.wu.d 1 53 61 1
      fcvt.l.d 1 53 61 2
      fcvt.lu.d 1 53 61 3
      fcvt.d.w 1 53 69 0
      fcvt.d.wu 1 53 69 1
      fcvt.d.l 1 53 69 2
      fcvt.d.lu 1 53 69 3
      fcvt.s.d 1 53 20 1
      fcvt.d.s 1 53 21 0
      fmv.x.w Z 53 0 e00
      fclass.s Z 53 1 e00
      fmv.w.x Z 53 0 f00
      fmv.x.d Z 53 0 e20
      fclass.d Z 53 1 e20
      fmv.d.x Z 53 0 f20
      """;

  /// Whole words: no operands.
  public static final int ECALL = 0x0000_0073, EBREAK = 0x0010_0073, SRET = 0x1020_0073;

  public static final int MRET = 0x3020_0073, WFI = 0x1050_0073, FENCE = 0x0ff0_000f;
  public static final int FENCE_I = 0x0000_100f, SFENCE_VMA = 0x1200_0073, NOP = 0x0000_0013;

  private record Row(char format, int opcode, List<Integer> fields) {
    int field(int i) {
      return i < fields.size() ? fields.get(i) : 0;
    }
  }

  private static final Map<String, Row> ROWS = rows();

  private Rv() {}

  private static Map<String, Row> rows() {
    Map<String, Row> rows = new LinkedHashMap<>();
    for (String line : TABLE.lines().toList()) {
      String[] words = line.split(" ");
      List<Integer> fields =
          Arrays.stream(words, 3, words.length).map(w -> Integer.parseInt(w, 16)).toList();
      rows.put(words[0], new Row(words[1].charAt(0), Integer.parseInt(words[2], 16), fields));
    }
    return rows;
  }

  public static List<String> names() {
    return List.copyOf(ROWS.keySet());
  }

  public static char format(String name) {
    return row(name).format;
  }

  private static Row row(String name) {
    Row row = ROWS.get(name);
    if (row == null) {
      throw new IllegalArgumentException("no instruction " + name);
    }
    return row;
  }

  /// Register operands in the order rd, rs1, rs2, rs3; missing ones are x0. Rounding is dynamic
  /// (`rm` 7) where the instruction rounds. Atomics take rd, address, source.
  public static int op(String name, int... registers) {
    return withRounding(name, 7, registers);
  }

  public static int withRounding(String name, int rm, int... registers) {
    Row row = row(name);
    int[] r = Arrays.copyOf(registers, 4);
    int base = row.opcode | r[0] << 7 | r[1] << 15;
    return switch (row.format) {
      case 'R' -> base | row.field(0) << 12 | row.field(1) << 25 | r[2] << 20;
      case 'Z' -> base | row.field(0) << 12 | row.field(1) << 20;
      case 'A' -> base | row.field(0) << 12 | row.field(1) << 27 | r[2] << 20;
      case 'F' -> base | rm << 12 | row.field(0) << 25 | r[2] << 20;
      case '1' -> base | rm << 12 | row.field(0) << 25 | row.field(1) << 20;
      case '4' -> base | rm << 12 | row.field(0) << 25 | r[2] << 20 | r[3] << 27;
      default -> throw new IllegalArgumentException(name + " takes an immediate");
    };
  }

  /// With an immediate: I (rd, rs1), H and W shifts (rd, rs1), S (rs2 first, then the base), B
  /// (rs1, rs2), U and J (rd, 0), CSR (rd, rs1 or its 5-bit immediate; `imm` is the CSR).
  public static int imm(String name, int first, int second, long imm) {
    Row row = row(name);
    int v = (int) imm;
    int funct3 = row.field(0) << 12;
    check(row.format, name, imm);
    return switch (row.format) {
      case 'I' -> row.opcode | funct3 | first << 7 | second << 15 | v << 20;
      case 'C' -> row.opcode | funct3 | first << 7 | second << 15 | v << 20;
      case 'H' -> row.opcode | funct3 | first << 7 | second << 15 | row.field(1) << 26 | v << 20;
      case 'W' -> row.opcode | funct3 | first << 7 | second << 15 | row.field(1) << 25 | v << 20;
      case 'S' -> row.opcode | funct3 | first << 20 | second << 15 | (v & 31) << 7 | (v >> 5) << 25;
      case 'B' ->
          row.opcode
              | funct3
              | first << 15
              | second << 20
              | (v >> 12) << 31
              | (v >> 5 & 63) << 25
              | (v >> 1 & 15) << 8
              | (v >> 11 & 1) << 7;
      case 'U' -> row.opcode | first << 7 | (v & 0xffff_f000);
      case 'J' ->
          row.opcode
              | first << 7
              | (v >> 20) << 31
              | (v >> 1 & 0x3ff) << 21
              | (v >> 11 & 1) << 20
              | (v >> 12 & 0xff) << 12;
      default -> throw new IllegalArgumentException(name + " takes registers only");
    };
  }

  private static void check(char format, String name, long imm) {
    long limit =
        switch (format) {
          case 'I', 'S' -> 1 << 11;
          case 'B' -> 1 << 12;
          case 'J' -> 1 << 20;
          case 'U' -> 1L << 31;
          default -> 1 << 12;
        };
    if (imm < -limit || imm >= limit || ((format == 'B' || format == 'J') && (imm & 1) != 0)) {
      throw new IllegalArgumentException(name + " cannot hold " + imm);
    }
  }
}
