package brume.hypervisor.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import brume.hypervisor.translator.DirectTranslator;
import brume.hypervisor.translator.TranslationKind;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Programs full of loops, interpreted and translated, side by side in stretches of any length:
/// both must be in the same state, to the count of instructions, wherever they are stopped. Pages
/// come and go by faults in the middle, and a timer interrupts.
///
/// `brume.test.seed` repeats a run and `brume.test.loops.episodes` makes it longer; with
/// `-Dbrume.test.judge=qemu` QEMU runs the same programs to their end.
class LoopLockstepTest {
  private static final long SEED = Long.getLong("brume.test.seed", 1L);
  private static final int EPISODES = Integer.getInteger("brume.test.loops.episodes", 60);
  private static final long HANDLER = Machine.BASE;
  private static final long SAVED = Machine.BASE + 0x800;
  private static final long CODE = Machine.BASE + 0x1_0000;
  private static final int CODE_BYTES = 16_000;
  private static final long INSTRUCTIONS_MAX = 3_000_000;
  private static final long CBZE = 1 << 7;
  private static final int[] COMPARED = {
    0x003, 0x140, 0x300, 0x340, 0x341, 0x342, 0x343, 0x344, 0x14d, 0xb00, 0xb02
  };

  @ParameterizedTest
  @CsvSource({"0, BYTECODE", "150, BYTECODE", "0, MACHINE_CODE", "150, MACHINE_CODE"})
  void loopsAgree(long worth, TranslationKind kind) {
    assumeTrue(kind.isPossible(), "no translator for this processor");
    System.out.println("LoopLockstepTest seed " + SEED + ", " + EPISODES + " episodes");
    SplittableRandom seeds = new SplittableRandom(SEED);
    DirectTranslator translator = new DirectTranslator(worth, kind);
    long instructions = 0;
    for (int i = 0; i < EPISODES; i++) {
      long seed = EPISODES == 1 ? SEED : seeds.nextLong();
      try (HartMachine plain = new HartMachine();
          HartMachine translated = new HartMachine(translator)) {
        String difference = episode(seed, plain, translated);
        assertThat(difference).as("episode %d of seed %d: %d", i, SEED, seed).isNull();
        instructions += plain.retired();
      }
    }
    System.out.println(
        "LoopLockstepTest: %d instructions, %d regions"
            .formatted(instructions, translator.made().size()));
    assertThat(translator.made()).isNotEmpty();
  }

  private static String episode(long seed, HartMachine plain, HartMachine translated) {
    long end = prepare(seed, true, plain, translated);
    SplittableRandom pace = new SplittableRandom(seed);
    long time = 0;
    while (plain.pc() != end) {
      time += pace.nextInt(1_500);
      int stretch = pace.nextInt(4) == 0 ? pace.nextInt(1, 60) : pace.nextInt(1, 6_000);
      long before = plain.pc();
      plain.setTime(time);
      translated.setTime(time);
      plain.attempt(stretch);
      translated.attempt(stretch);
      String difference = compare(plain, translated);
      if (difference != null) {
        return "after %d instructions, %d from %x on:%s"
            .formatted(plain.retired(), stretch, before, difference);
      }
      if (plain.retired() > INSTRUCTIONS_MAX) {
        return "does not come to its end";
      }
    }
    int at = Arrays.mismatch(plain.ram(), translated.ram());
    return at < 0 ? null : "RAM at %x".formatted(Machine.BASE + at);
  }

  private static String compare(Machine plain, Machine translated) {
    StringBuilder text = new StringBuilder();
    differ(text, "pc", plain.pc(), translated.pc());
    differ(text, "privilege", plain.privilege(), translated.privilege());
    differ(text, "retired", plain.retired(), translated.retired());
    for (int i = 0; i < 32; i++) {
      differ(text, "x" + i, plain.x(i), translated.x(i));
      differ(text, "f" + i, plain.f(i), translated.f(i));
    }
    for (int csr : COMPARED) {
      differ(text, "csr " + Integer.toHexString(csr), plain.csr(csr), translated.csr(csr));
    }
    return text.isEmpty() ? null : text.toString();
  }

  private static void differ(StringBuilder to, String name, long plain, long translated) {
    if (plain != translated) {
      to.append("%n  %s: interpreted %x, translated %x".formatted(name, plain, translated));
    }
  }

  /// The same program in each machine; answers where it ends.
  private static long prepare(long seed, boolean interrupts, Machine... machines) {
    SplittableRandom random = new SplittableRandom(seed);
    int mode = new int[] {0, 1, 1, 3}[random.nextInt(4)];
    boolean paged = mode != 3;
    long base = mode == 0 ? PageTables.USER_CODE : CODE;
    LoopProgram loops = new LoopProgram(random.split(), CODE, CODE_BYTES, mode, interrupts);
    Program program = loops.generate(base);
    long values = random.nextLong();
    int levels = random.nextInt(3, 6);
    int float0 = random.nextBoolean() ? 1 : random.nextInt(32) | random.nextInt(5) << 5;
    for (Machine machine : machines) {
      machine.write(handler());
      machine.write(CODE, program.bytes());
      machine.setCsr(0x30a, 1L << 63 | 1L << 61 | (interrupts ? CBZE : 0));
      machine.setCsr(0x10a, interrupts ? CBZE : 0);
      machine.setCsr(0x14d, interrupts ? 1_000 : -1);
      machine.setCsr(0x304, interrupts ? 0x20 : 0);
      machine.setCsr(0x300, 0x4_6008);
      machine.setCsr(0x305, HANDLER);
      machine.setCsr(0x340, SAVED);
      machine.setCsr(0x306, 7);
      machine.setCsr(0x106, 7);
      machine.setCsr(0x3b0, -1);
      machine.setCsr(0x3a0, 0x1f);
      SplittableRandom numbers = new SplittableRandom(values);
      for (int i = 0; i < PageTables.WINDOW_PAGES * 512; i++) {
        machine.store(PageTables.DATA + 8L * i, 8, FpValues.any(numbers));
      }
      for (int i = 1; i < 32; i++) {
        machine.setX(i, FpValues.any(numbers));
        machine.setF(i, FpValues.any(numbers));
      }
      for (int counter = 18; counter < 22; counter++) {
        machine.setX(counter, 0);
      }
      machine.setX(Rv.SP, (paged ? PageTables.WINDOW : PageTables.DATA) + 0x1000);
      machine.setCsr(0x003, float0);
      long satp = PageTables.build(machine, levels, CODE, new SplittableRandom(values));
      for (int i = 0; i < PageTables.WINDOW_PAGES; i++) {
        machine.store(PageTables.LEAVES + 8L * i, 8, 0);
      }
      machine.setCsr(0x180, paged ? satp : 0);
      machine.setPrivilege(mode);
      machine.setPc(base);
    }
    return program.here() - 4;
  }

  /// Maps the page that is missing, for loads first and for stores when one comes; takes one away
  /// at an `ecall`; puts the timer further; and goes on behind what is illegal.
  private static Program handler() {
    int a = 28;
    int b = 29;
    int c = 30;
    Program p = new Program(HANDLER);
    p.imm("csrrw", 31, 31, 0x340);
    p.imm("sd", a, 31, 0).imm("sd", b, 31, 8).imm("sd", c, 31, 16);
    p.imm("csrrs", c, 0, 0x342).imm("bge", c, 0, 8);
    int interrupt = p.leap();
    p.imm("addi", c, c, -13).imm("sltiu", b, c, 3).imm("beq", b, 0, 8);
    int fault = p.leap();
    p.imm("addi", c, c, 5).imm("sltiu", b, c, 4).imm("bne", b, 0, 8);
    int skip = p.leap();
    p.imm("andi", a, 5, 15 << 3).li(b, PageTables.LEAVES).op("add", a, a, b);
    p.imm("sd", 0, a, 0).add(Rv.SFENCE_VMA);
    p.land(skip);
    p.imm("csrrs", c, 0, 0x341).imm("addi", c, c, 4).imm("csrrw", 0, c, 0x341);
    int out = p.leap();
    p.land(fault);
    p.imm("csrrs", a, 0, 0x343).imm("srli", a, a, 12).imm("andi", a, a, 15);
    p.imm("slli", c, c, 1).imm("addi", c, c, PageTables.V | PageTables.R | PageTables.U);
    p.imm("slli", b, a, 10).op("add", c, c, b).li(b, PageTables.DATA >>> 2).op("add", c, c, b);
    p.imm("slli", a, a, 3).li(b, PageTables.LEAVES).op("add", a, a, b);
    p.imm("sd", c, a, 0).add(Rv.SFENCE_VMA);
    int faultOut = p.leap();
    p.land(interrupt);
    p.imm("csrrs", c, 0, 0x14d).imm("addi", c, c, 700).imm("csrrw", 0, c, 0x14d);
    p.land(out).land(faultOut);
    p.imm("ld", a, 31, 0).imm("ld", b, 31, 8).imm("ld", c, 31, 16);
    return p.imm("csrrw", 31, 31, 0x340).add(Rv.MRET);
  }

  /// To the end, without interrupts and without looking at the count of instructions.
  @ParameterizedTest
  @EnumSource
  @EnabledIfSystemProperty(named = "brume.test.judge", matches = "qemu")
  void loopsAgreeWithQemu(TranslationKind kind) {
    assumeTrue(kind.isPossible(), "no translator for this processor");
    SplittableRandom seeds = new SplittableRandom(SEED);
    DirectTranslator translator = new DirectTranslator(0, kind);
    for (int i = 0; i < EPISODES; i++) {
      long seed = EPISODES == 1 ? SEED : seeds.nextLong();
      try (HartMachine translated = new HartMachine(translator);
          QemuMachine qemu = new QemuMachine()) {
        long end = prepare(seed, false, translated, qemu);
        while (translated.pc() != end) {
          translated.attempt(10_000);
        }
        qemu.runTo(end);
        StringBuilder text = new StringBuilder();
        for (int j = 0; j < 32; j++) {
          differ(text, "x" + j, qemu.x(j), translated.x(j));
          differ(text, "f" + j, qemu.f(j), translated.f(j));
        }
        assertThat(text.toString()).as("episode %d of seed %d: %d", i, SEED, seed).isEmpty();
        int at = Arrays.mismatch(qemu.ram(), translated.ram());
        long word = Machine.BASE + (at & ~7);
        assertThat(at)
            .as(
                "RAM at %x, episode %d of seed %d: %d; QEMU %x, translated %x",
                Machine.BASE + at,
                i,
                SEED,
                seed,
                at < 0 ? 0 : qemu.load(word, 8),
                at < 0 ? 0 : translated.load(word, 8))
            .isNegative();
      }
    }
  }
}
