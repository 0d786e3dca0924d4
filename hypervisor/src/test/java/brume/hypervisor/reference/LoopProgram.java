package brume.hypervisor.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// Random programs as compilers make them, which is what is worth translating: nested counted
/// loops, branches over some of the code, calls, computed jumps, arrays, atomics, floating point in
/// changing rounding modes, traps now and then, and code that rewrites itself. They always come to
/// their end, which is a jump to itself.
///
/// `x2` points to 64 KiB of data. Counters are in `x18` to `x21`, addresses in `x28` to `x30`, and
/// `x31` belongs to the trap handler.
final class LoopProgram {
  private static final List<String> COMPUTING =
      Rv.names().stream()
          .filter(n -> "RZF14HWIU".indexOf(Rv.format(n)) >= 0)
          .filter(n -> !n.equals("jalr") && !n.matches("f?l[bhwd]u?"))
          .toList();
  private static final List<String> LOADS =
      List.of("lb", "lbu", "lh", "lhu", "lw", "lwu", "ld", "flw", "fld");
  private static final List<String> STORES = List.of("sb", "sh", "sw", "sd", "fsw", "fsd");
  private static final List<String> BRANCHES = List.of("beq", "bne", "blt", "bge", "bltu", "bgeu");
  private static final List<String> UPDATES =
      Rv.names().stream().filter(n -> Rv.format(n) == 'A' && !n.matches("(lr|sc).*")).toList();
  private static final int CBO_ZERO = 0x0040_200f;
  private static final int FIRST_COUNTER = 18, DEPTH_MAX = 3, BRANCH_REACH = 4_000;
  private static final int ADDRESS = 28, OTHER = 29, CODE_AT = 30;
  private static final int[] BODY = {5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 24, 25, 26, 27};

  private final SplittableRandom random;
  private final long physical;
  private final int limit;
  private final int mode;
  private final boolean counts;
  private final List<Long> routines = new ArrayList<>();

  /// @param physical where the code lies in RAM, for code that is rewritten
  /// @param limit the most bytes it may have
  /// @param mode its privilege; in U-mode it may not store into its code
  /// @param counts whether it looks at `instret`, which only an exact machine can be asked; if not,
  ///   it also avoids where QEMU 7.2 differs: `ctzw`, and a reservation that a trap may end; and
  ///   `cbo.zero`
  LoopProgram(SplittableRandom random, long physical, int limit, int mode, boolean counts) {
    this.random = random;
    this.physical = physical;
    this.limit = limit;
    this.mode = mode;
    this.counts = counts;
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private int body() {
    return BODY[random.nextInt(BODY.length)];
  }

  private int any() {
    return random.nextInt(6) == 0 ? random.nextInt(28) : body();
  }

  /// To be run at `base`; the last instruction is the end.
  Program generate(long base) {
    Program p = new Program(base, limit);
    int leap = p.leap();
    for (int i = 0; i < 3; i++) {
      routines.add(p.here());
      straight(p, 2 + random.nextInt(5));
      unless(p, q -> straight(q, 3));
      p.imm("jalr", 0, Rv.RA, 0);
    }
    p.land(leap);
    int statements = random.nextInt(4, 9);
    for (int i = 0; i < statements; i++) {
      loop(p, 0);
    }
    return p.imm("jal", 0, 0, 0);
  }

  private boolean roomy(Program p) {
    return p.here() - p.base() < limit / 8 * 5;
  }

  private void loop(Program p, int depth) {
    if (!roomy(p)) {
      return;
    }
    int counter = FIRST_COUNTER + depth;
    p.imm("addi", counter, 0, random.nextInt(2, depth == 0 ? 120 : 12));
    long top = p.here();
    int statements = random.nextInt(1, 6);
    for (int i = 0; i < statements; i++) {
      statement(p, depth);
    }
    p.imm("addi", counter, counter, -1);
    long back = top - p.here();
    if (back > -BRANCH_REACH) {
      p.imm("bne", counter, 0, back);
    } else {
      p.imm("beq", counter, 0, 8).imm("jal", 0, 0, back - 4);
    }
  }

  private void statement(Program p, int depth) {
    switch (random.nextInt(24)) {
      case 0, 1 -> {
        if (depth + 1 < DEPTH_MAX) {
          loop(p, depth + 1);
        }
      }
      case 2, 3, 4 -> unless(p, q -> straight(q, random.nextInt(1, 5)));
      case 5, 6, 7 -> load(p);
      case 8, 9, 10 -> store(p);
      case 11 -> p.imm("jal", Rv.RA, 0, pick(routines) - p.here());
      case 12 -> callByRegister(p);
      case 13 -> choose(p);
      case 14 -> update(p);
      case 15 -> p.imm("csrrwi", body(), random.nextInt(5), 0x002);
      case 16 -> p.imm("csrrw", body(), random.nextBoolean() ? 0 : body(), 0x001);
      case 17 -> p.imm("csrrs", body(), 0, counts ? 0xc02 : 0x003);
      case 18 -> trap(p);
      case 19 -> rewrite(p);
      case 20 -> control(p);
      case 21 -> zero(p);
      default -> straight(p, random.nextInt(1, 8));
    }
  }

  private void straight(Program p, int instructions) {
    for (int i = 0; i < instructions; i++) {
      if (random.nextInt(5) == 0) {
        compressed(p);
      } else {
        compute(p);
      }
    }
  }

  private void compute(Program p) {
    String picked = pick(COMPUTING);
    String name = picked.equals("ctzw") && !counts ? "ctz" : picked;
    switch (Rv.format(name)) {
      case 'U' -> p.imm(name, body(), 0, random.nextInt());
      case 'H' -> p.imm(name, body(), any(), random.nextInt(64));
      case 'W' -> p.imm(name, body(), any(), random.nextInt(32));
      case 'I' -> p.imm(name, body(), any(), random.nextInt(-2048, 2048));
      default -> {
        int mode = random.nextInt(8) == 0 ? random.nextInt(5) : 7;
        p.add(Rv.withRounding(name, mode, body(), any(), any(), any()));
      }
    }
  }

  /// `c.addi`, `c.li`, `c.mv` or `c.add`.
  private void compressed(Program p) {
    int rd = body() << 7;
    int immediate = (1 + random.nextInt(31)) << 2;
    p.compressed(
        switch (random.nextInt(4)) {
          case 0 -> 0x0001 | rd | immediate;
          case 1 -> 0x4001 | rd | immediate;
          case 2 -> 0x8002 | rd | body() << 2;
          default -> 0x9002 | rd | body() << 2;
        });
  }

  /// A branch over what `part` makes.
  private void unless(Program p, Consumer<Program> part) {
    Program skipped = new Program(p.here() + 4, 512);
    part.accept(skipped);
    p.imm(pick(BRANCHES), any(), any(), skipped.here() - p.here());
    append(p, skipped);
  }

  private static void append(Program p, Program part) {
    byte[] bytes = part.bytes();
    for (int i = 0; i < bytes.length; i += 2) {
      p.compressed((bytes[i] & 0xff) | (bytes[i + 1] & 0xff) << 8);
    }
  }

  /// Somewhere in the data: mostly in a row, sometimes anywhere and misaligned.
  private void address(Program p) {
    if (random.nextInt(3) == 0) {
      p.imm("srli", ADDRESS, body(), 49);
    } else {
      p.imm("slli", ADDRESS, FIRST_COUNTER + random.nextInt(DEPTH_MAX), random.nextInt(2, 5));
    }
    p.op("add", ADDRESS, ADDRESS, Rv.SP);
  }

  private void load(Program p) {
    address(p);
    int loads = random.nextInt(1, 5);
    for (int i = 0; i < loads; i++) {
      p.imm(pick(LOADS), body(), ADDRESS, 8 * random.nextInt(250));
    }
  }

  private void store(Program p) {
    address(p);
    int stores = random.nextInt(1, 4);
    for (int i = 0; i < stores; i++) {
      p.imm(pick(STORES), any(), ADDRESS, 8 * random.nextInt(250));
    }
  }

  private void update(Program p) {
    address(p);
    if (random.nextInt(8) != 0) {
      p.imm("andi", ADDRESS, ADDRESS, -8);
    }
    if (!counts || random.nextBoolean()) {
      p.op(pick(UPDATES), body(), ADDRESS, body());
    } else {
      String width = random.nextBoolean() ? ".w" : ".d";
      p.op("lr" + width, OTHER, ADDRESS).op("add", OTHER, OTHER, body());
      p.op("sc" + width, body(), ADDRESS, OTHER);
    }
  }

  private void callByRegister(Program p) {
    long distance = pick(routines) - p.here();
    int low = (int) distance << 20 >> 20;
    p.imm("auipc", OTHER, 0, distance - low);
    p.imm("jalr", Rv.RA, OTHER, low);
  }

  /// A jump into a table of four jumps, to four pieces of code.
  private void choose(Program p) {
    List<Program> pieces = new ArrayList<>();
    int index = body();
    p.imm("andi", OTHER, index, 3).imm("slli", OTHER, OTHER, 2);
    p.imm("auipc", ADDRESS, 0, 0).op("add", ADDRESS, ADDRESS, OTHER);
    p.imm("jalr", 0, ADDRESS, 12);
    long at = p.here() + 16;
    for (int i = 0; i < 4; i++) {
      Program piece = new Program(at, 512);
      straight(piece, random.nextInt(1, 4));
      pieces.add(piece);
      at = piece.here() + 4;
    }
    for (Program piece : pieces) {
      p.imm("jal", 0, 0, piece.base() - p.here());
    }
    for (Program piece : pieces) {
      append(p, piece);
      p.imm("jal", 0, 0, at - p.here());
    }
  }

  /// What kernels do with their control registers; in U-mode each of these traps.
  private void control(Program p) {
    int status = mode == 3 ? 0x300 : 0x100;
    switch (random.nextInt(3)) {
      case 0 -> p.imm("csrrw", body(), body(), 0x140);
      case 1 ->
          p.imm(random.nextBoolean() ? "csrrsi" : "csrrci", body(), random.nextInt(32), status);
      default -> {
        // Without SUM, S-mode's accesses to these pages would fault for ever.
        p.imm("lui", OTHER, 0, 1 << 18).imm("csrrc", 0, OTHER, status);
        straight(p, 2);
        p.imm("csrrs", body(), OTHER, status);
      }
    }
  }

  private void zero(Program p) {
    if (counts) {
      address(p);
      p.add(CBO_ZERO | ADDRESS << 15);
    }
  }

  /// Instructions of four bytes, behind which the handler goes on; seldom, inside of inner loops.
  private void trap(Program p) {
    unless(
        p,
        q ->
            q.imm("andi", OTHER, body(), 7)
                .imm("bne", OTHER, 0, 8)
                .add(new int[] {Rv.ECALL, Rv.EBREAK, -1, 0x0000_2073}[random.nextInt(4)]));
  }

  /// An addition with another constant each time round.
  private void rewrite(Program p) {
    if (mode == 0) {
      return;
    }
    int target = body();
    long at = physical + p.here() - p.base();
    int word = Rv.imm("addi", target, target, 1);
    p.add(word);
    Program change = new Program(p.here() + 4, 512);
    change.imm("andi", ADDRESS, target, 7).imm("slli", ADDRESS, ADDRESS, 20);
    change.li(OTHER, word).op("add", ADDRESS, ADDRESS, OTHER).li(CODE_AT, at);
    change.imm("sw", ADDRESS, CODE_AT, 0).add(Rv.FENCE_I);
    p.imm("bne", FIRST_COUNTER, body(), change.here() - p.here());
    append(p, change);
  }
}
