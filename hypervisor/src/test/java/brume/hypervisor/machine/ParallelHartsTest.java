package brume.hypervisor.machine;

import static brume.hypervisor.machine.Assembler.A0;
import static brume.hypervisor.machine.Assembler.A1;
import static brume.hypervisor.machine.Assembler.A2;
import static brume.hypervisor.machine.Assembler.A3;
import static brume.hypervisor.machine.Assembler.A4;
import static brume.hypervisor.machine.Assembler.A5;
import static brume.hypervisor.machine.Assembler.S0;
import static brume.hypervisor.machine.Assembler.S1;
import static brume.hypervisor.machine.Assembler.S2;
import static brume.hypervisor.machine.Assembler.S3;
import static brume.hypervisor.machine.Assembler.S4;
import static brume.hypervisor.machine.Assembler.T0;
import static brume.hypervisor.machine.Assembler.T1;
import static brume.hypervisor.machine.Assembler.T2;
import static brume.hypervisor.machine.Assembler.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Litmus programs: what harts at the same time may see of each other (RISC-V unprivileged §13,
/// §14, §17, Zifencei; privileged §12.2.1; SBI §8). Each program checks itself; its exit status
/// says what it saw. `-Dbrume.stress=100` makes them that much longer, `-Dbrume.seed` repeats one.
@Timeout(120)
class ParallelHartsTest {
  private static final long SHARED = TestGuests.RAM + 0x10_0000;
  private static final int STARTED = 0, DONE = 64, X = 128, Y = 192, SUM = 256, FAILED = 320;
  private static final int STRESS = Integer.getInteger("brume.stress", 1);

  /// The program's exit status when it saw what must not be.
  private static final int FORBIDDEN = 9;

  private static final int PAUSE = 0x0100000f;

  @TempDir Path folder;
  private final VirtualProcessorScheduler scheduler = new VirtualProcessorScheduler(4);
  private final long seed = Long.getLong("brume.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @AfterEach
  void close() {
    scheduler.close();
  }

  /// Runs a program in M-mode on all harts; they begin together. `s0` = shared memory, `s1` = the
  /// hart's number.
  private void run(int harts, Consumer<Assembler> body) {
    Assembler program = new Assembler().addi(S1, A0, 0).li(S0, SHARED);
    body.accept(program);
    finish(program, harts);
    Path elf = TestGuests.elf(folder.resolve("litmus"), program);
    expectSuccess(
        MachineConfig.builder("litmus", new BootConfig.BareMetal(elf))
            .memoryBytes(4 << 20)
            .harts(harts)
            .build());
  }

  private void expectSuccess(MachineConfig config) {
    System.out.println("ParallelHartsTest seed " + seed);
    try (VirtualMachine machine = VirtualMachine.create(config, scheduler)) {
      machine.start();
      assertThat(machine.awaitExit()).as("seed %d", seed).isEqualTo(new MachineExit.PoweredOff(0));
    }
  }

  /// All harts meet; `place` is a counter of its own for each meeting.
  private static void meet(Assembler program, int place, int harts, String name) {
    program.addi(T0, S0, place).li(T1, 1).amoadd(4, ZERO, T1, T0).li(T2, harts);
    program.label(name).load(4, T1, 0, T0).bne(T1, T2, name).fence("rw", "rw");
  }

  /// The last hart that is done ends the machine, by what is in FAILED.
  private static void finish(Assembler program, int harts) {
    program.label("done").fence("rw", "rw");
    program.addi(T0, S0, DONE).li(T1, 1).amoadd(4, T2, T1, T0).li(T1, harts - 1);
    program.label("others").word(PAUSE).bne(T2, T1, "others");
    program.load(4, T0, FAILED, S0).slli(T0, T0, 1).addi(T0, T0, 1);
    program.li(T1, TestGuests.TO_HOST).store(8, T0, 0, T1).label("end").j("end");
  }

  private static void fail(Assembler program) {
    program.li(T0, FORBIDDEN).store(4, T0, FAILED, S0);
  }

  /// A few instructions, so that the harts do not run in step.
  private void dawdle(Assembler program) {
    for (int i = random.nextInt(4); i > 0; i--) {
      program.addi(A5, A5, 1);
    }
  }

  /// Compares the counter at SUM, of 8 bytes, by the last hart only: all have met before.
  private static void expectSum(Assembler program, int harts, long expected) {
    meet(program, Y, harts, "all");
    program.load(8, T0, SUM, S0).li(T1, expected).beq(T0, T1, "right");
    fail(program);
    program.label("right");
  }

  /// Four harts on one thread hand a token round, as those that wait for a lock do. Each hand-over
  /// takes a few instructions of each; a slice of a millisecond and a half would be 20,000, or 60
  /// million in all.
  @Test
  void aHartThatWaitsForAnotherLetsItRun() {
    int harts = 4;
    Assembler program = new Assembler().addi(S1, A0, 0).li(S0, SHARED);
    program.li(S2, 500).addi(S3, S0, SUM);
    program.label("wait").load(8, T0, 0, S3).andi(T1, T0, harts - 1).beq(T1, S1, "mine");
    program.word(PAUSE).j("wait");
    program.label("mine").addi(T0, T0, 1).store(8, T0, 0, S3);
    program.addi(S2, S2, -1 & 0xfff).bne(S2, ZERO, "wait");
    finish(program, harts);
    BootConfig boot = new BootConfig.BareMetal(TestGuests.elf(folder.resolve("token"), program));
    MachineConfig config =
        MachineConfig.builder("token", boot).memoryBytes(4 << 20).harts(harts).build();
    try (VirtualProcessorScheduler single = new VirtualProcessorScheduler(1);
        VirtualMachine machine = VirtualMachine.create(config, single)) {
      machine.start();
      assertThat(machine.awaitExit()).isEqualTo(new MachineExit.PoweredOff(0));
      assertThat(machine.counters().instructions()).isLessThan(1_000_000);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 4", "3, 8", "4, 8"})
  void atomicAddsAreNeverLost(int harts, int bytes) {
    int rounds = 200_000 * STRESS;
    run(
        harts,
        program -> {
          meet(program, STARTED, harts, "go");
          program.li(S2, rounds).addi(S3, S0, SUM).li(S4, 3);
          program.label("loop").amoadd(bytes, T0, S4, S3);
          dawdle(program);
          program.addi(S2, S2, -1 & 0xfff).bne(S2, ZERO, "loop");
          expectSum(program, harts, 3L * rounds * harts);
        });
  }

  @ParameterizedTest
  @CsvSource({"2, 4", "3, 8", "4, 4"})
  void reservationsBreakAndSomeHartGetsThrough(int harts, int bytes) {
    int rounds = 100_000 * STRESS;
    run(
        harts,
        program -> {
          meet(program, STARTED, harts, "go");
          program.li(S2, rounds).addi(S3, S0, SUM);
          program.label("loop").lr(bytes, T0, S3).addi(T0, T0, 1).sc(bytes, T1, T0, S3);
          program.bne(T1, ZERO, "loop");
          dawdle(program);
          program.addi(S2, S2, -1 & 0xfff).bne(S2, ZERO, "loop");
          expectSum(program, harts, (long) rounds * harts);
        });
  }

  /// A plain counter under a lock of `amoswap`: what is stored inside is there for the next.
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void aSpinLockKeepsOthersOut(int harts) {
    int rounds = 20_000 * STRESS;
    run(
        harts,
        program -> {
          meet(program, STARTED, harts, "go");
          program.li(S2, rounds).addi(S3, S0, X).li(S4, 1);
          program.label("loop").amoswap(4, T0, S4, S3).bne(T0, ZERO, "loop");
          program.load(8, T0, SUM, S0);
          dawdle(program);
          program.addi(T0, T0, 1).store(8, T0, SUM, S0);
          program.amoswap(4, ZERO, ZERO, S3);
          program.addi(S2, S2, -1 & 0xfff).bne(S2, ZERO, "loop");
          expectSum(program, harts, (long) rounds * harts);
        });
  }

  /// MP+fence.w.w+fence.r.r: who sees the flag sees the message.
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void aMessageIsThereBeforeItsFlag(int harts) {
    int rounds = 200_000 * STRESS;
    run(
        harts,
        program -> {
          meet(program, STARTED, harts, "go");
          program.li(S2, rounds).bne(S1, ZERO, "reader").li(T0, 0);
          program.label("write").addi(T0, T0, 1).store(8, T0, X, S0).fence("w", "w");
          program.store(8, T0, Y, S0).bne(T0, S2, "write").j("done");
          program.label("reader").load(8, T0, Y, S0).fence("r", "r").load(8, T1, X, S0);
          program.blt(T1, T0, "old").bne(T0, S2, "reader").j("done").label("old");
          fail(program);
        });
  }

  /// SB+fence.rw.rw: of two that store and then look at each other's, one sees the other.
  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void oneOfTwoThatStoreAndLookSeesTheOther(int delay) {
    int rounds = 200 * STRESS;
    run(
        2,
        program -> {
          // Both places and both results in fresh memory each round, 256 bytes of it at most.
          program.li(A1, rounds).li(S2, SHARED + 0x1000).li(A4, 0);
          program.label("round").addi(A4, A4, 1).slli(T1, A4, 1).addi(T0, S0, STARTED);
          program.li(T2, 1).amoadd(4, ZERO, T2, T0);
          program.label("go").load(4, T2, 0, T0).blt(T2, T1, "go");
          program.slli(T0, S1, 6).add(S3, S2, T0).li(T0, 64).xor(T1, T0, ZERO);
          program.slli(T2, S1, 6).xor(T1, T1, T2).add(S4, S2, T1).li(T0, 1);
          for (int i = 0; i < delay; i++) {
            dawdle(program);
          }
          program.store(4, T0, 0, S3).fence("rw", "rw").load(4, A2, 0, S4);
          // What it saw, 1 or 0, is summed up; a round in which nobody saw anything adds nothing.
          program.addi(T0, S2, 128).amoadd(4, ZERO, A2, T0).addi(T0, S0, X).li(T2, 1);
          program.amoadd(4, ZERO, T2, T0).slli(T1, A4, 1);
          program.label("both").load(4, T2, 0, T0).blt(T2, T1, "both").fence("rw", "rw");
          program.load(4, T0, 128, S2).bne(T0, ZERO, "seen");
          fail(program);
          program.label("seen").li(T0, 192).add(S2, S2, T0).bne(A4, A1, "round");
        });
  }

  /// A token goes round by software interrupts; who waits for it sleeps in `wfi`.
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void interruptsBetweenHartsAreNeverLost(int harts) {
    int rounds = 2_000 * STRESS;
    run(
        harts,
        program -> {
          program.li(T0, 8).csrw(0x304, T0);
          program.li(A1, 0x200_0000L).slli(T0, S1, 2).add(S2, A1, T0);
          program.addi(T0, S1, 1).li(T1, harts).bne(T0, T1, "inside").li(T0, 0);
          program.label("inside").slli(T0, T0, 2).add(S3, A1, T0).li(S4, rounds).li(A2, 1);
          meet(program, STARTED, harts, "go");
          program.bne(S1, ZERO, "wait").store(4, A2, 0, S3);
          program.label("wait").wfi().csrr(T0, 0x344).andi(T0, T0, 8).beq(T0, ZERO, "wait");
          program.store(4, ZERO, 0, S2).addi(S4, S4, -1 & 0xfff);
          // Hart 0 does not pass on the last one.
          program.bne(S1, ZERO, "pass").beq(S4, ZERO, "done");
          program.label("pass").store(4, A2, 0, S3).bne(S4, ZERO, "wait");
        });
  }

  /// Hart 0 rewrites a function and says so; whoever heard of it, and then executes `fence.i`, runs
  /// the new one (or a newer).
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void fetchFencesBringCodeOfOtherHarts(int harts) {
    int rounds = 2_000;
    run(
        harts,
        program -> {
          writeFunction(program);
          meet(program, STARTED, harts, "go");
          // As often again as there are numbers for functions; SUM says which time it is.
          program.li(S2, rounds).li(A3, 0).li(S4, 20 * STRESS).bne(S1, ZERO, "reader");
          program.label("again").store(8, ZERO, X, S0).store(4, ZERO, Y, S0).li(A1, 0);
          program.addi(A3, A3, 1).fence("rw", "w").store(8, A3, SUM, S0);
          program.label("patch").addi(A1, A1, 1);
          storeFunction(program);
          program.fence("w", "w").store(8, A1, X, S0).bne(A1, S2, "patch");
          program.addi(T0, S0, Y).li(T1, harts - 1);
          program.label("seen").load(4, T2, 0, T0).bne(T2, T1, "seen").bne(A3, S4, "again");
          program.j("done");
          program.label("reader").addi(A3, A3, 1);
          program.label("next").load(8, T0, SUM, S0).bne(T0, A3, "next").fence("r", "r");
          program.label("look").load(8, A2, X, S0).fence("r", "r").fenceI().jalr(S3);
          program.blt(A0, A2, "old").bne(A2, S2, "look");
          program.addi(T0, S0, Y).li(T1, 1).amoadd(4, ZERO, T1, T0).bne(A3, S4, "reader");
          program.j("done");
          program.label("old");
          fail(program);
        });
  }

  /// `s3` = a function at the end of a page: `li a0, n; ret`.
  private static void writeFunction(Assembler program) {
    program.li(S3, SHARED + 0x2ff8).li(T0, 0x8067).store(4, T0, 4, S3).li(A1, 0);
    program.li(T0, 0x513).store(4, T0, 0, S3).fenceI();
  }

  /// With `a1` as its number. Writes beside it too, as a linker of code would.
  private static void storeFunction(Assembler program) {
    program.slli(T0, A1, 20).addi(T0, T0, 0x513).store(8, A1, -0x100 & 0xfff, S3);
    program.store(4, T0, 0, S3);
  }

  /// A kernel's program: hart 0 runs `main` with the others started at `second`, whose registers
  /// are `s0` = shared memory, `s1` = the number.
  private void runKernel(int harts, Consumer<Assembler> main, Consumer<Assembler> second) {
    Assembler program = new Assembler().li(S0, SHARED).li(S1, 0);
    for (int id = 1; id < harts; id++) {
      program.li(A0, id).la(A1, "second").li(A2, 0).sbi(0x48534d, 0);
    }
    main.accept(program);
    program.label("off").li(A0, 0).load(4, A1, FAILED, S0).beq(A1, ZERO, "clean").li(A1, 1);
    program.label("clean").sbi(0x5352_5354, 0);
    program.label("second").addi(S1, A0, 0).li(S0, SHARED);
    second.accept(program);
    Path image = TestGuests.kernel(folder.resolve("kernel"), program);
    expectSuccess(
        MachineConfig.builder("kernel", new BootConfig.Kernel(image, null, "quiet"))
            .memoryBytes(8 << 20)
            .harts(harts)
            .build());
  }

  /// The others sleep and lose all but their number, again and again; hart 0 sees each of them
  /// asleep before it wakes it.
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void suspendedHartsWakeByInterruptsAndGoOnWhereTheyAsked(int harts) {
    int rounds = 200;
    runKernel(
        harts,
        program -> {
          program.li(S2, rounds).li(S4, 0).label("round").li(S3, 1);
          program.label("asleep").addi(A0, S3, 0).sbi(0x48534d, 2).li(A2, 4).bne(A1, A2, "asleep");
          program.li(A0, 1).addi(A1, S3, 0).sbi(0x735049, 0).addi(S4, S4, 1);
          program.label("woke").load(8, A2, X, S0).bne(A2, S4, "woke");
          program.addi(S3, S3, 1).li(A2, harts).bne(S3, A2, "asleep");
          program.addi(S2, S2, -1).bne(S2, ZERO, "round");
        },
        program -> {
          program.label("sleep").li(A0, 2).csrw(0x104, A0).csrw(0x144, ZERO);
          program.li(A0, 0x8000_0000L).la(A1, "woken").addi(A2, S1, 0).li(S1, 0).sbi(0x48534d, 3);
          fail(program);
          program.label("woken").addi(S1, A1, 0).beq(S1, A0, "itself");
          fail(program);
          program.label("itself").li(S0, SHARED).li(A2, 1).addi(A3, S0, X);
          program.amoadd(8, ZERO, A2, A3).j("sleep");
        });
  }

  /// The same with SBI's remote fence: when the call returns, all others run the new code.
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void remoteFetchFencesAreDoneWhenTheCallReturns(int harts) {
    int rounds = 1_500;
    runKernel(
        harts,
        program -> {
          writeFunction(program);
          program.li(S2, rounds).li(S4, 0);
          program.label("patch").addi(S4, S4, 1).addi(A1, S4, 0);
          storeFunction(program);
          program.li(A0, -1).li(A1, -1).li(A0, 0).li(A1, -1).sbi(0x5246_4e43, 0);
          program.store(8, S4, X, S0).bne(S4, S2, "patch");
        },
        program -> {
          program.li(S3, SHARED + 0x2ff8);
          program.label("loop").load(8, A2, X, S0).beq(A2, ZERO, "loop").fence("r", "r").jalr(S3);
          program.blt(A0, A2, "old").j("loop").label("old");
          fail(program);
          program.label("stop").j("stop");
        });
  }

  /// Hart 0 moves a page to and fro under the others, who read it all the time. When its fence has
  /// returned, it spoils the page they no longer may see.
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void remoteTranslationFencesAreDoneWhenTheCallReturns(int harts) {
    int rounds = 10_000 * STRESS;
    long root = TestGuests.RAM + 0x20_0000;
    long middle = root + 0x1000;
    long leaves = root + 0x2000;
    long pages = root + 0x4000;
    // Virtual 0x4000_0000 is the page that moves; the gigabyte of RAM is where it is.
    Consumer<Assembler> translate =
        program -> program.li(T0, 8L << 60 | root >>> 12).csrw(0x180, T0).fenceTranslations();
    runKernel(
        harts,
        program -> {
          program.li(T0, root).li(T1, TestGuests.RAM >>> 2 | 0xcf).store(8, T1, 16, T0);
          program.li(T1, middle >>> 2 | 1).store(8, T1, 8, T0);
          program.li(T0, middle).li(T1, leaves >>> 2 | 1).store(8, T1, 0, T0);
          program.li(S2, leaves).li(S3, pages).li(S4, rounds).li(A3, 0x1000);
          entry(program, S3).store(8, T1, 0, S2);
          translate.accept(program);
          program.fence("rw", "rw").li(T0, 1).store(4, T0, STARTED, S0);
          // s3: the page in use; the other one is made good, comes into use, and s3 is spoilt.
          program.label("move").xor(A4, S3, A3).store(8, ZERO, 0, A4);
          entry(program, A4).store(8, T1, 0, S2);
          program.li(A0, 0).li(A1, -1).li(A2, 0).sbi(0x5246_4e43, 1);
          program.li(T0, 1).store(8, T0, 0, S3).addi(S3, A4, 0);
          program.addi(S4, S4, -1 & 0xfff).bne(S4, ZERO, "move");
        },
        program -> {
          program.label("wait").load(4, T0, STARTED, S0).beq(T0, ZERO, "wait").fence("r", "rw");
          translate.accept(program);
          program.li(S2, 0x4000_0000L);
          program.label("look").load(8, T0, 0, S2);
          dawdle(program);
          program.load(8, T1, 0, S2).beq(T0, ZERO, "good").j("bad");
          program.label("good").beq(T1, ZERO, "look").label("bad");
          fail(program);
          program.label("stop").j("stop");
        });
  }

  /// `t1` = a leaf for a page, all rights, used and written.
  private static Assembler entry(Assembler program, int page) {
    return program.srli(T1, page, 2).addi(T1, T1, 0xcf);
  }

  /// All fence all others at once, in the middle of each other's calls.
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void hartsThatFenceEachOtherAllGoOn(int harts) {
    int rounds = 3_000 * STRESS;
    Consumer<Assembler> storm =
        program -> {
          program.li(S2, rounds).label("storm" + program.hashCode());
          String loop = "storm-" + System.identityHashCode(new Object());
          program.label(loop).li(A0, 0).li(A1, -1).li(A2, 0).andi(T0, S2, 1);
          program.addi(A5, T0, 0).li(Assembler.A7, 0x5246_4e43).addi(Assembler.A6, A5, 0).ecall();
          program.addi(S2, S2, -1 & 0xfff).bne(S2, ZERO, loop);
          program.addi(T0, S0, SUM).li(T1, 1).amoadd(4, ZERO, T1, T0);
        };
    runKernel(
        harts,
        program -> {
          storm.accept(program);
          program.li(T2, harts).label("all").load(4, T1, SUM, S0).bne(T1, T2, "all");
        },
        program -> {
          storm.accept(program);
          program.label("stop").wfi().j("stop");
        });
  }
}
