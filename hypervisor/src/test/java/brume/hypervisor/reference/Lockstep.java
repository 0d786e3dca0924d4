package brume.hypervisor.reference;

import brume.hypervisor.cpu.Translator;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The hart and the reference side by side on one random program an episode. They must agree on all
/// that a program can see: after each stretch of steps on registers, and at the end on RAM.
final class Lockstep implements AutoCloseable {
  private static final long HANDLER = Machine.BASE;
  private static final long SUPERVISOR_HANDLER = Machine.BASE + 0x100;
  private static final long CODE = Machine.BASE + 0x1_0000;
  private static final int CODE_BYTES = 1200;
  private static final int[] COMPARED_CSRS = {
    0x003, 0x300, 0x302, 0x303, 0x304, 0x305, 0x306, 0x30a, 0x320, 0x340, 0x341, 0x342, 0x343,
    0x344, 0x104, 0x105, 0x106, 0x10a, 0x140, 0x141, 0x142, 0x143, 0x144, 0x14d, 0x180, 0x3a0,
    0x3b0
  };

  private final HartMachine hart;
  private final ReferenceMachine reference = new ReferenceMachine();
  private final Machine[] both;
  private final java.util.ArrayDeque<String> trail = new java.util.ArrayDeque<>();
  private int undefined;
  private final byte[] blank = new byte[0x9_0000];

  Lockstep(@Nullable Translator translator) {
    hart = new HartMachine(translator);
    both = new Machine[] {hart, reference};
  }

  /// How many episodes ran into what the architecture leaves open, and ended there.
  int undefined() {
    return undefined;
  }

  /// Runs `steps` steps of the program that `seed` makes; null, or what differs.
  String episode(long seed, int steps, int grain) {
    SplittableRandom random = new SplittableRandom(seed);
    prepare(random);
    SplittableRandom pace = new SplittableRandom(seed);
    int done = 0;
    while (done < steps) {
      int stretch = pace.nextInt(1, 40);
      long line = pace.nextInt(20);
      boolean level = pace.nextBoolean();
      for (Machine machine : both) {
        if (line == 9 || line == 11 || line == 7 || line == 3) {
          machine.setInterrupt((int) line, level);
        }
        machine.setTime(done);
      }
      int most = Math.min(grain, stretch);
      for (int i = 0; i < stretch; i += most) {
        long before = reference.pc();
        hart.attempt(Math.min(most, stretch - i));
        for (int j = i; j < Math.min(i + most, stretch); j++) {
          remember(grain);
          reference.attempt(1);
        }
        if (reference.memory.usedStale()) {
          undefined++;
          return null;
        }
        String difference = compare();
        if (difference != null) {
          return "seed %d after %d steps, from pc %x: %s"
              .formatted(seed, done + i, before, difference);
        }
      }
      done += stretch;
    }
    return Arrays.equals(hart.ram(), reference.ram())
        ? null
        : "seed " + seed + ": " + ramDifference();
  }

  /// The last places of execution, for who has to find out why.
  private void remember(int grain) {
    if (grain > 40) {
      return;
    }
    if (trail.size() >= 12 + grain) {
      trail.removeFirst();
    }
    trail.add(
        "%d:%x %s mstatus %x"
            .formatted(
                reference.privilege(),
                reference.pc(),
                reference.hart.lookAtCode(),
                reference.csr(0x300)));
  }

  private String ramDifference() {
    int at = Arrays.mismatch(hart.ram(), reference.ram());
    long address = Machine.BASE + (at & ~7);
    return "RAM at %x: hart %016x, reference %016x"
        .formatted(address, hart.load(address, 8), reference.load(address, 8));
  }

  private void prepare(SplittableRandom random) {
    Program program = new RandomProgram(random).generate(CODE, CODE_BYTES);
    boolean translated = random.nextInt(4) != 0;
    int privilege = new int[] {0, 0, 1, 3}[random.nextInt(4)];
    long tableSeed = random.nextLong();
    int levels = random.nextInt(3, 6);
    long pointers = random.nextLong();
    boolean userSpace = translated && privilege == 0;
    long base = userSpace ? PageTables.USER_CODE : CODE;
    boolean window = translated && (privilege != 3 || random.nextInt(3) == 0);
    long data = window ? PageTables.WINDOW : PageTables.DATA;
    long first = data + (pointers & 0xfff8);
    long second = data + (pointers >>> 16 & 15) * 4096 + random.nextInt(-16, 16);
    long status = (random.nextLong() & 0x7e_61aaL) | (random.nextInt(8) != 0 ? 0x2000 : 0);
    if (random.nextInt(4) != 0) {
      status &= ~0x2_0000L;
    }
    long[] csrs = {
      0x003,
      random.nextInt(160),
      0x300,
      status,
      0x302,
      random.nextBoolean() ? random.nextLong() : 0,
      0x303,
      random.nextLong(),
      0x304,
      random.nextInt(3) == 0 ? random.nextLong() : 0,
      0x305,
      HANDLER,
      0x105,
      SUPERVISOR_HANDLER,
      0x306,
      random.nextInt(),
      0x106,
      random.nextInt(),
      0x30a,
      random.nextLong() | (random.nextInt(4) != 0 ? 1L << 61 : 0),
      0x10a,
      random.nextLong(),
      0x341,
      base + 64,
      0x141,
      base + 32,
      0x14d,
      random.nextInt(2000),
      0x144,
      0,
      0x344,
      0,
      0x340,
      1,
      0x342,
      2,
      0x343,
      3,
      0x140,
      4,
      0x142,
      5,
      0x143,
      6,
    };
    long seed = random.nextLong();
    for (Machine machine : both) {
      machine.write(Machine.BASE, blank);
      machine.write(handler(HANDLER, 0x340, 0x341, 0x342, 0x304, Rv.MRET));
      machine.write(handler(SUPERVISOR_HANDLER, 0x140, 0x141, 0x142, 0x104, Rv.SRET));
      machine.write(program);
      machine.reset();
      for (int bit : new int[] {3, 7, 9, 11}) {
        machine.setInterrupt(bit, false);
      }
      machine.setTime(0);
      machine.setCsr(0x320, 0);
      machine.setCsr(0x304, 0);
      machine.execute(new Program(Machine.BASE + 0x200).imm("csrrw", 0, 0, 0xb02));
      machine.setCsr(0x3a0, 0x1f);
      machine.setCsr(0x3b0, -1);
      for (int i = 0; i < csrs.length; i += 2) {
        machine.setCsr((int) csrs[i], csrs[i + 1]);
      }
      SplittableRandom values = new SplittableRandom(seed);
      for (int i = 0; i < 32; i++) {
        machine.setX(i, FpValues.any(values));
        machine.setF(i, FpValues.any(values));
      }
      machine.setX(Rv.SP, first);
      machine.setX(Rv.S0, second);
      machine.setX(28, PageTables.LEAVES);
      machine.setX(29, CODE);
      machine.setX(30, base);
      long satp =
          translated ? PageTables.build(machine, levels, CODE, new SplittableRandom(tableSeed)) : 0;
      machine.setCsr(0x180, satp);
      machine.setPrivilege(privilege);
      machine.setPc(base);
    }
    reference.memory.fenceAll();
    hart.hart.requestTranslationFence();
  }

  /// Goes on behind what trapped, or where `x30` says when the fault was in fetching.
  private static Program handler(
      long at, int scratch, int epc, int cause, int enable, int trapReturn) {
    Program p = new Program(at);
    p.imm("csrrw", 31, 31, scratch);
    p.imm("csrrw", 0, 0, enable);
    p.imm("csrrs", 31, 0, cause);
    p.imm("addi", 31, 31, -1);
    p.imm("beq", 31, 0, 28);
    p.imm("addi", 31, 31, -11);
    p.imm("beq", 31, 0, 20);
    p.imm("csrrs", 31, 0, epc);
    p.imm("addi", 31, 31, 4);
    p.imm("csrrw", 0, 31, epc);
    p.imm("jal", 0, 0, 8);
    p.imm("csrrw", 0, 30, epc);
    p.imm("csrrw", 31, 31, scratch);
    return p.add(trapReturn);
  }

  private String compare() {
    if (hart.pc() != reference.pc()) {
      reference.hart.takeInterrupt();
    }
    StringBuilder difference = new StringBuilder();
    differ(difference, "pc", hart.pc(), reference.pc());
    differ(difference, "privilege", hart.privilege(), reference.privilege());
    for (int i = 0; i < 32; i++) {
      differ(difference, "x" + i, hart.x(i), reference.x(i));
      differ(difference, "f" + i, hart.f(i), reference.f(i));
    }
    for (int csr : COMPARED_CSRS) {
      differ(difference, "csr " + Integer.toHexString(csr), hart.csr(csr), reference.csr(csr));
    }
    return difference.isEmpty() ? null : difference.toString();
  }

  private static void differ(StringBuilder to, String name, long actual, long expected) {
    if (actual != expected) {
      to.append("%n  %s: hart %016x, reference %016x".formatted(name, actual, expected));
    }
  }

  /// What goes wrong, looked at in as short stretches as will show it, with the way there.
  String explain(long seed, int steps) {
    for (int grain = 1; grain <= 40; grain++) {
      trail.clear();
      String difference = episode(seed, steps, grain);
      if (difference != null) {
        return "in steps of %d: %s%nprivilege:pc word%n  ".formatted(grain, difference)
            + String.join("\n  ", trail);
      }
    }
    return "(agrees in shorter stretches)";
  }

  @Override
  public void close() {
    hart.close();
  }
}
