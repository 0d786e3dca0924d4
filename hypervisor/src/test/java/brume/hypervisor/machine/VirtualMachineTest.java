package brume.hypervisor.machine;

import static brume.hypervisor.machine.Assembler.A0;
import static brume.hypervisor.machine.Assembler.A1;
import static brume.hypervisor.machine.Assembler.A2;
import static brume.hypervisor.machine.Assembler.S0;
import static brume.hypervisor.machine.Assembler.S1;
import static brume.hypervisor.machine.Assembler.S2;
import static brume.hypervisor.machine.Assembler.T0;
import static brume.hypervisor.machine.Assembler.T1;
import static brume.hypervisor.machine.Assembler.T2;
import static brume.hypervisor.machine.Assembler.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.hypervisor.firmware.BootFailure;
import brume.hypervisor.machine.VirtualMachine.State;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whole machines with guests assembled by hand.
@Timeout(120)
class VirtualMachineTest {
  private static final int MTVEC = 0x305, MEPC = 0x341, MCAUSE = 0x342;
  private static final int MSTATUS = 0x300, PMPCFG0 = 0x3a0, PMPADDR0 = 0x3b0;
  private static final int HSM = 0x48534d, SRST = 0x53525354, IPI = 0x735049, TIME = 0x54494d45;
  private static final int SIE = 0x104, SIP = 0x144;

  @TempDir Path folder;
  private final VirtualProcessorScheduler scheduler = new VirtualProcessorScheduler(2);
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @AfterEach
  void close() {
    scheduler.close();
  }

  private MachineConfig.Builder bareMetal(String name, Assembler program) {
    return MachineConfig.builder(
            name, new BootConfig.BareMetal(TestGuests.elf(folder.resolve(name), program)))
        .memoryBytes(4 << 20)
        .console(printed::write);
  }

  private MachineConfig.Builder kernel(String name, Assembler program) {
    Path image = TestGuests.kernel(folder.resolve(name), program);
    return MachineConfig.builder(name, new BootConfig.Kernel(image, null, "quiet"))
        .memoryBytes(8 << 20)
        .console(printed::write);
  }

  private MachineExit run(MachineConfig.Builder config) {
    try (VirtualMachine machine = VirtualMachine.create(config.build(), scheduler)) {
      machine.start();
      return machine.awaitExit();
    }
  }

  private String printed() {
    return printed.toString(StandardCharsets.US_ASCII);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(2);
    }
  }

  private static Assembler powerOff(Assembler program) {
    return program.li(A0, 0).li(A1, 0).sbi(SRST, 0).label("off").j("off");
  }

  private static Assembler busy() {
    return new Assembler().label("loop").addi(T0, T0, 1).j("loop");
  }

  @Test
  void aProgramEndsWithItsStatus() {
    assertThat(run(bareMetal("pass", TestGuests.exit(new Assembler(), 0))))
        .isEqualTo(new MachineExit.PoweredOff(0));
    assertThat(run(bareMetal("fail", TestGuests.exit(new Assembler(), 7))))
        .isEqualTo(new MachineExit.PoweredOff(7));
  }

  @Test
  void aProgramPrintsThroughTheHost() {
    Assembler program = new Assembler().li(T1, TestGuests.TO_HOST);
    for (char character : "hi!".toCharArray()) {
      // Two words, low then high.
      program.li(T0, character).store(4, T0, 0, T1).li(T0, 0x0101_0000).store(4, T0, 4, T1);
    }
    assertThat(run(bareMetal("print", TestGuests.exit(program, 0))))
        .isEqualTo(new MachineExit.PoweredOff(0));
    assertThat(printed()).isEqualTo("hi!");
  }

  @Test
  void aKernelStartsInSupervisorModeWithItsTree() {
    Assembler program = new Assembler().addi(S0, A0, 0).addi(S1, A1, 0);
    program.bne(S0, ZERO, "bad").load(4, T0, 0, S1).li(T1, 0xedfe0dd0).bne(T0, T1, "bad");
    program.print('k').label("bad");
    assertThat(run(kernel("start", powerOff(program)))).isEqualTo(new MachineExit.PoweredOff(0));
    assertThat(printed()).isEqualTo("k");
  }

  /// Full virtualization: raw firmware enters the kernel in S-mode, and the kernel's `ecall` comes
  /// back to it.
  @Test
  void firmwareRunsInMachineModeAndFindsTheKernel() {
    Assembler firmware = new Assembler().la(T0, "trap").csrw(MTVEC, T0);
    firmware.load(8, T0, 0, A2).li(T1, 0x4942534f).bne(T0, T1, "trap").load(8, S0, 16, A2);
    firmware.li(T0, -1).csrw(PMPADDR0, T0).li(T0, 0x1f).csrw(PMPCFG0, T0);
    firmware.csrw(MEPC, S0).li(T0, 1 << 11).csrw(MSTATUS, T0).mret();
    firmware.label("trap").csrr(T0, MCAUSE).slli(T0, T0, 16).li(T1, 0x3333).add(T0, T0, T1);
    firmware.li(T1, 0x10_0000).store(4, T0, 0, T1).label("end").j("end");
    Assembler inside = new Assembler().li(S0, 0x1000_0000L).li(T0, 'S').store(1, T0, 0, S0).ecall();
    Path image = TestGuests.kernel(folder.resolve("kernel"), inside);
    Path raw = TestGuests.write(folder.resolve("firmware"), firmware.bytes());
    MachineConfig.Builder config =
        MachineConfig.builder("full", new BootConfig.Firmware(raw, image, null, ""))
            .memoryBytes(8 << 20)
            .console(printed::write);
    int environmentCallFromSupervisor = 9;
    assertThat(run(config)).isEqualTo(new MachineExit.PoweredOff(environmentCallFromSupervisor));
    assertThat(printed()).isEqualTo("S");
  }

  @Test
  void aTimerWakesAGuestThatWaits() {
    Assembler program = new Assembler().li(T0, 1 << 5).csrw(SIE, T0);
    program.csrr(S0, 0xc01).li(T0, 300_000).add(A0, S0, T0).sbi(TIME, 0);
    program.label("wait").wfi().csrr(T0, SIP).andi(T0, T0, 1 << 5).beq(T0, ZERO, "wait");
    program.print('t');
    long began = System.nanoTime();
    assertThat(run(kernel("timer", powerOff(program)))).isEqualTo(new MachineExit.PoweredOff(0));
    assertThat(System.nanoTime() - began).as("30 ms by its clock").isGreaterThan(30_000_000L);
    assertThat(printed()).isEqualTo("t");
  }

  @Test
  void harts() {
    Assembler program = new Assembler();
    // Hart 0 starts hart 1, which prints and sends an interrupt back; then hart 0 ends it all.
    program.li(T0, 2).csrw(SIE, T0);
    program.li(A0, 1).la(A1, "second").li(A2, 'x').sbi(HSM, 0);
    program.label("wait").wfi().csrr(T0, SIP).andi(T0, T0, 2).beq(T0, ZERO, "wait");
    program.li(A0, 1).sbi(HSM, 2).addi(S2, A1, 0).addi(A0, S2, '0').sbi(0x4442434e, 2);
    powerOff(program);
    program.label("second").addi(S0, A1, 0).addi(A0, S0, 0).sbi(0x4442434e, 2);
    program.li(A0, 1).li(A1, 0).sbi(IPI, 0).li(A0, 0).sbi(HSM, 1);
    program.print('!').label("never").j("never");
    assertThat(run(kernel("harts", program).harts(2))).isEqualTo(new MachineExit.PoweredOff(0));
    assertThat(printed())
        .as("hart 1 said x, and had stopped (1) or not yet (0, 3)")
        .matches("x[013]");
  }

  @Test
  void aResetLoadsTheMachineAgain() throws InterruptedException {
    Assembler program = new Assembler().print('b').li(A0, 1).li(A1, 0).sbi(SRST, 0);
    MachineConfig.Builder config = kernel("reset", program);
    try (VirtualMachine machine = VirtualMachine.create(config.build(), scheduler)) {
      machine.start();
      await(() -> machine.counters().resets() >= 3);
      machine.stop();
      assertThat(machine.awaitExit()).isEqualTo(new MachineExit.Stopped());
      assertThat(printed()).startsWith("bbb");
      assertThat(machine.counters().instructions()).isGreaterThan(24);
    }
    printed.reset();
    assertThat(run(config.restartOnReset(false))).isEqualTo(new MachineExit.Reset());
    assertThat(printed()).isEqualTo("b");
  }

  @Test
  void typedCharactersArriveAndOutputIsCounted() throws InterruptedException {
    // Echoes what the serial port receives until it is a 'q'.
    Assembler program = new Assembler().li(S0, 0x1000_0000L).li(T0, 1).store(1, T0, 1, S0);
    program.label("wait").load(1, T0, 5, S0).andi(T0, T0, 1).beq(T0, ZERO, "wait");
    program.load(1, T0, 0, S0).store(1, T0, 0, S0).li(T1, 'q').bne(T0, T1, "wait");
    MachineConfig config = kernel("echo", powerOff(program)).build();
    try (VirtualMachine machine = VirtualMachine.create(config, scheduler)) {
      byte[] keys = "hello q".getBytes(StandardCharsets.US_ASCII);
      assertThat(machine.type(keys, 0, keys.length)).isEqualTo(keys.length);
      machine.start();
      assertThat(machine.awaitExit()).isEqualTo(new MachineExit.PoweredOff(0));
      assertThat(printed()).isEqualTo("hello q");
      assertThat(machine.counters().console().bytesFromGuest()).isEqualTo(keys.length);
      assertThat(machine.counters().console().bytesToGuest()).isEqualTo(keys.length);
    }
  }

  @Test
  void pauseStopsTheInstructionsAndResumeGoesOn() throws InterruptedException {
    try (VirtualMachine machine =
        VirtualMachine.create(bareMetal("busy", busy()).build(), scheduler)) {
      assertThat(machine.state()).isEqualTo(State.PAUSED);
      machine.start();
      await(() -> machine.counters().instructions() > 0);
      assertThat(machine.state()).isEqualTo(State.RUNNING);
      machine.pause();
      long before = machine.counters().instructions();
      Thread.sleep(30);
      assertThat(machine.counters().instructions()).isEqualTo(before);
      machine.resume();
      await(() -> machine.counters().instructions() > before);
      machine.stop();
      assertThat(machine.state()).isEqualTo(State.ENDED);
      machine.stop();
    }
  }

  @Test
  void anIdleGuestCostsNothing() throws InterruptedException {
    Assembler program = new Assembler().label("wait").wfi().j("wait");
    try (VirtualMachine machine =
        VirtualMachine.create(kernel("idle", program).build(), scheduler)) {
      machine.start();
      await(() -> machine.counters().instructions() > 0);
      Thread.sleep(20);
      MachineCounters before = machine.counters();
      Thread.sleep(300);
      MachineCounters after = machine.counters();
      assertThat(after.cpuNanos() - before.cpuNanos()).isLessThan(30_000_000);
      assertThat(after.instructions() - before.instructions()).isLessThan(10);
    }
  }

  @Test
  void twoBusyGuestsShareByWeight() throws InterruptedException {
    try (VirtualProcessorScheduler single = new VirtualProcessorScheduler(1);
        VirtualMachine light =
            VirtualMachine.create(
                bareMetal("light", busy()).share(ProcessorShare.ofWeight(100)).build(), single);
        VirtualMachine heavy =
            VirtualMachine.create(
                bareMetal("heavy", busy()).share(ProcessorShare.ofWeight(300)).build(), single)) {
      light.start();
      heavy.start();
      await(() -> light.counters().instructions() > 5_000_000);
      MachineCounters lightBefore = light.counters();
      MachineCounters heavyBefore = heavy.counters();
      await(() -> light.counters().cpuNanos() - lightBefore.cpuNanos() > 200_000_000);
      light.pause();
      heavy.pause();
      // Processor time is what is shared out; how many instructions that is hangs on when code is
      // translated and on what else the host does.
      double ratio =
          (double) (heavy.counters().cpuNanos() - heavyBefore.cpuNanos())
              / (light.counters().cpuNanos() - lightBefore.cpuNanos());
      assertThat(ratio).isBetween(2.4, 3.6);
      assertThat(heavy.counters().instructions() - heavyBefore.instructions())
          .isGreaterThan(light.counters().instructions() - lightBefore.instructions());
    }
  }

  /// The hostile ones; a well-behaved guest beside them must come to its end.
  private void besidesAGoodGuest(MachineConfig.Builder hostile, Class<? extends MachineExit> end)
      throws InterruptedException {
    try (VirtualMachine bad = VirtualMachine.create(hostile.build(), scheduler)) {
      bad.start();
      await(() ->
          bad.counters().cpuNanos() > 50_000_000 || bad.state() == VirtualMachine.State.ENDED);
      assertThat(run(bareMetal("good", TestGuests.exit(new Assembler(), 3))))
          .isEqualTo(new MachineExit.PoweredOff(3));
      bad.stop();
      assertThat(bad.awaitExit()).isInstanceOf(end);
    }
  }

  @Test
  void aGuestThatLoopsForEver() throws InterruptedException {
    besidesAGoodGuest(bareMetal("loop", busy()), MachineExit.Stopped.class);
  }

  @Test
  void aGuestThatJumpsIntoNowhere() throws InterruptedException {
    Assembler program = new Assembler().li(T0, 0x1234_5678_9abc_def0L).jr(T0);
    besidesAGoodGuest(bareMetal("nowhere", program), MachineExit.Stopped.class);
    besidesAGoodGuest(kernel("nowhere-kernel", program), MachineExit.Stopped.class);
  }

  @Test
  void aGuestThatWritesEveryDeviceRegisterAtRandom() throws InterruptedException {
    long[] windows = {0x10_1000, 0x200_0000, 0x200_4000, 0x200_b000, 0xc00_0000, 0xc00_2000};
    Assembler program = new Assembler().la(T0, "trap").csrw(MTVEC, T0).li(S0, 88172645463325252L);
    program.label("loop");
    for (int window = 0; window < 14; window++) {
      long base = window < 6 ? windows[window] : 0x1000_0000L + (window - 6) * 0x1000L;
      // xorshift64, then a store and a load of every width at a random place of the window.
      program.slli(T0, S0, 13).xor(S0, S0, T0).srli(T0, S0, 7).xor(S0, S0, T0);
      program.slli(T0, S0, 17).xor(S0, S0, T0);
      program.li(T1, 0xff8).and(T1, T1, S0).li(T2, base).add(T1, T1, T2).srli(T2, S0, 20);
      program.store(4, T2, 0, T1).store(1, T2, 1, T1).store(8, T2, 0, T1).store(2, T2, 2, T1);
      program.load(4, T2, 0, T1).load(1, T2, 1, T1).load(8, T2, 0, T1);
    }
    program.j("loop");
    // The label must be 4-aligned, which every instruction here is.
    program.label("trap").csrr(T0, MEPC).addi(T0, T0, 4).csrw(MEPC, T0).mret();
    MachineConfig.Builder config = bareMetal("random", program);
    config.disk(DiskConfig.writable(TestGuests.write(folder.resolve("disk"), new byte[4096])));
    besidesAGoodGuest(config, MachineExit.Stopped.class);
  }

  @Test
  void aDeviceThatFailsEndsItsMachineWithAReason() {
    Assembler program = new Assembler().li(S0, 0x1000_0000L).li(T0, 'x');
    program.label("print").store(1, T0, 0, S0).j("print");
    MachineConfig.Builder config =
        bareMetal("broken", program)
            .console((bytes, offset, length) -> {
              throw new IllegalStateException("the sink is full");
            });
    assertThat(run(config))
        .isInstanceOfSatisfying(
            MachineExit.Failed.class,
            failed -> assertThat(failed.reason()).contains("serial", "the sink is full"));
  }

  @Test
  void theGuestCannotHaveMoreThanItsMemory() {
    Assembler program = new Assembler().la(T0, "trap").csrw(MTVEC, T0);
    program.li(T0, TestGuests.RAM + (4 << 20)).store(8, T0, 0, T0);
    TestGuests.exit(program, 1);
    program.label("trap").li(T0, 5).li(T1, TestGuests.TO_HOST).store(8, T0, 0, T1);
    assertThat(run(bareMetal("memory", program))).isEqualTo(new MachineExit.PoweredOff(2));
  }

  @Test
  void whatCannotBootIsSaid() throws Exception {
    Path noKernel = Files.writeString(folder.resolve("text"), "not a kernel".repeat(10));
    for (BootConfig boot :
        new BootConfig[] {
          new BootConfig.Kernel(noKernel, null, ""),
          new BootConfig.Kernel(folder.resolve("missing"), null, ""),
        }) {
      assertThatThrownBy(
              () -> VirtualMachine.create(MachineConfig.builder("x", boot).build(), scheduler))
          .isInstanceOfSatisfying(
              BootFailure.class, refused -> assertThat(refused.part()).isEqualTo("kernel"));
    }
    Path cut = Files.write(folder.resolve("cut"), new byte[700]);
    MachineConfig config = bareMetal("disk", busy()).disk(DiskConfig.writable(cut)).build();
    assertThatThrownBy(() -> VirtualMachine.create(config, scheduler))
        .isInstanceOf(BootFailure.class)
        .hasMessageContaining("cut off");
  }
}
