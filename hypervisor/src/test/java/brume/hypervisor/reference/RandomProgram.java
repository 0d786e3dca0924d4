package brume.hypervisor.reference;

import java.util.List;
import java.util.SplittableRandom;

/// Random machine code that stays alive: most of it is well formed and works on pointers that are
/// meant to be used, some is not. `x2` and `x8` point to data, `x28` to leaf page table entries,
/// `x29` to code, `x30` to a place where execution may go on, `x31` belongs to the trap handlers.
final class RandomProgram {
  private static final List<String> COMPUTING =
      Rv.names().stream()
          .filter(n -> "RZF14HWIU".indexOf(Rv.format(n)) >= 0)
          .filter(n -> !n.equals("jalr") && !n.matches("f?l[bhwd]u?"))
          .toList();
  private static final List<String> LOADS =
      List.of("lb", "lbu", "lh", "lhu", "lw", "lwu", "ld", "flw", "fld");
  private static final List<String> STORES = List.of("sb", "sh", "sw", "sd", "fsw", "fsd");
  private static final List<String> BRANCHES = List.of("beq", "bne", "blt", "bge", "bltu", "bgeu");
  private static final List<String> ATOMICS =
      Rv.names().stream().filter(n -> Rv.format(n) == 'A' && !n.matches("(lr|sc).*")).toList();
  private static final List<String> CSR_FORMS =
      List.of("csrrw", "csrrs", "csrrc", "csrrwi", "csrrsi", "csrrci");

  /// Free to be written; `mcycle`, `time`, `satp`, `mtvec` and `stvec` are not among them.
  private static final int[] CSRS = {
    0x001, 0x002, 0x003, 0x100, 0x104, 0x106, 0x10a, 0x140, 0x141, 0x142, 0x143, 0x144, 0x14d,
    0x300, 0x301, 0x302, 0x303, 0x304, 0x306, 0x30a, 0x320, 0x340, 0x341, 0x342, 0x343, 0x344,
    0x3a0, 0x3b0, 0xb02, 0xb03, 0x323, 0xc02, 0xc03, 0xf11, 0xf14, 0x7c0, 0x5a0
  };

  private static final int[] SYSTEM = {
    Rv.ECALL,
    Rv.EBREAK,
    Rv.SRET,
    Rv.MRET,
    Rv.FENCE,
    Rv.FENCE_I,
    Rv.SFENCE_VMA,
    0x0100_000f,
    0x1800_0073,
    0x1810_0073,
    0x1600_0073,
    0x0010_200f | 8 << 15,
    0x0020_200f | 29 << 15,
    0x0000_200f | 8 << 15,
    0x0040_200f | 8 << 15,
    0x0300_000f
  };

  private final SplittableRandom random;

  RandomProgram(SplittableRandom random) {
    this.random = random;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private int any() {
    return random.nextInt(32);
  }

  /// A register that may be spoilt.
  private int target() {
    int register = random.nextInt(26);
    return register == Rv.SP || register == Rv.S0 ? 0 : register;
  }

  private int source() {
    return random.nextInt(8) == 0 ? any() : random.nextInt(26);
  }

  private int pointer() {
    return random.nextBoolean() ? Rv.SP : Rv.S0;
  }

  private int displacement() {
    int near = random.nextInt(-64, 64);
    return switch (random.nextInt(4)) {
      case 0 -> near;
      case 1 -> random.nextInt(-2048, 2048);
      default -> near * 8;
    };
  }

  Program generate(long base, int length) {
    Program program = new Program(base, length + 256);
    while (program.here() < base + length) {
      one(program);
    }
    return program;
  }

  private void one(Program p) {
    switch (random.nextInt(40)) {
      case 0, 1, 2 ->
          p.imm(pick(LOADS), target(), pointer(), Math.clamp(displacement(), -2048, 2047));
      case 3, 4, 5 ->
          p.imm(pick(STORES), source(), pointer(), Math.clamp(displacement(), -2048, 2047));
      case 6, 7 -> p.imm(pick(BRANCHES), source(), source(), 2 * random.nextInt(-40, 60));
      case 8 -> p.imm("jal", random.nextInt(3) == 0 ? target() : 0, 0, 2 * random.nextInt(-40, 80));
      case 9 -> p.imm("jalr", target(), 30, 2 * random.nextInt(0, 500));
      case 10 -> atomic(p);
      case 11 -> {
        int csr = CSRS[random.nextInt(CSRS.length)];
        p.imm(pick(CSR_FORMS), target(), source(), csr);
      }
      case 12 -> p.add(SYSTEM[random.nextInt(SYSTEM.length)]);
      case 13 -> {
        if (random.nextInt(3) == 0) {
          p.add(random.nextInt() | 3);
        }
      }
      case 14 -> overwriteCode(p);
      case 15 -> editPageTable(p);
      case 16, 17, 18, 19, 20, 21, 22, 23, 24, 25 -> compressed(p);
      case 26 -> p.li(target(), FpValues.any(random));
      default -> compute(p);
    }
  }

  private void compute(Program p) {
    String name = pick(COMPUTING);
    switch (Rv.format(name)) {
      case 'U' -> p.imm(name, target(), 0, random.nextInt());
      case 'H' -> p.imm(name, target(), source(), random.nextInt(64));
      case 'W' -> p.imm(name, target(), source(), random.nextInt(32));
      case 'I' -> p.imm(name, target(), source(), random.nextInt(-2048, 2048));
      default ->
          p.add(
              Rv.withRounding(
                  name,
                  random.nextInt(12) == 0 ? random.nextInt(8) : 7,
                  target(),
                  source(),
                  source(),
                  source()));
    }
  }

  private void atomic(Program p) {
    String width = random.nextBoolean() ? ".w" : ".d";
    int at = random.nextInt(16, 26);
    int misalign = random.nextInt(8) == 0 ? random.nextInt(8) : 0;
    p.imm("addi", at, pointer(), random.nextInt(-8, 8) * 8 + misalign);
    if (random.nextInt(3) != 0) {
      p.op(pick(ATOMICS), target(), at, source());
      return;
    }
    if (random.nextInt(4) != 0) {
      p.op("lr" + width, target() & 15, at);
      p.op("add", 5, 6, 7);
    }
    p.op("sc" + width, target(), at, source());
  }

  private void compressed(Program p) {
    int half = random.nextInt(1 << 16);
    if ((half & 3) == 3) {
      half ^= 1 + random.nextInt(2);
    }
    int quadrant = half & 3;
    int kind = half >> 13;
    int rd = half >> 7 & 31;
    boolean writesRd = (quadrant == 1 && kind <= 3) || (quadrant == 2 && kind <= 4);
    if (writesRd && (rd == Rv.SP || rd >= 28) && random.nextInt(8) != 0) {
      half ^= 1 << 9;
    }
    p.compressed(half);
  }

  /// Code stores are always followed by `fence.i`, as code that is to be run must be, and leave the
  /// `fence.i` alone.
  private void overwriteCode(Program p) {
    int offset = 2 * random.nextInt(0, 700);
    long distance = p.base() + offset - p.here();
    if (distance < -8 || distance > 8) {
      p.imm(pick(List.of("sh", "sw", "sd")), source(), 29, offset);
      p.add(Rv.FENCE_I);
    }
  }

  private void editPageTable(Program p) {
    if (random.nextInt(2) == 0) {
      p.li(5, PageTables.randomLeaf(random));
      p.imm("sd", 5, 28, 8 * random.nextInt(PageTables.WINDOW_PAGES));
      p.add(Rv.SFENCE_VMA);
    }
  }
}
