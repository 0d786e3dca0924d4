package brume.hypervisor.firmware;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.cpu.Csr;
import brume.hypervisor.cpu.Hart;
import brume.hypervisor.cpu.HartConfig;
import brume.hypervisor.device.ConsoleOutput;
import brume.hypervisor.device.PowerControl;
import brume.hypervisor.device.TrafficCounter;
import brume.hypervisor.memory.GuestRam;
import brume.hypervisor.memory.PhysicalMemory;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// SBI calls as a guest makes them: an `ecall` instruction of hart 0 of three.
class SupervisorBinaryInterfaceTest {
  private static final long RAM = 0x8000_0000L;
  private static final int ECALL = 0x73;

  private final GuestRam ram = GuestRam.allocate(RAM, 1 << 20);
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final ConsoleOutput console = new ConsoleOutput(printed::write, new TrafficCounter());
  private final ArrayDeque<Integer> typed = new ArrayDeque<>();
  private final List<String> pressed = new ArrayList<>();
  private final List<Hart> harts = new ArrayList<>();
  private final StealTime stealTime = new StealTime(ram, 3);
  private final HartStates states;
  private long now;

  SupervisorBinaryInterfaceTest() {
    PowerControl power =
        new PowerControl() {
          @Override
          public void powerOff(int status) {
            pressed.add("off " + status);
          }

          @Override
          public void reset() {
            pressed.add("reset");
          }
        };
    SupervisorBinaryInterface sbi =
        new SupervisorBinaryInterface(
            ram,
            power,
            console,
            () -> typed.isEmpty() ? -1 : typed.remove(),
            Runnable::run,
            stealTime);
    PhysicalMemory memory = new PhysicalMemory(ram);
    for (int id = 0; id < 3; id++) {
      harts.add(new Hart(id, memory, new HartConfig(sbi), () -> now));
    }
    states = new HartStates(harts, false);
    sbi.attach(states);
    for (int i = 0; i < 64; i++) {
      ram.store32(RAM + 4L * i, ECALL);
    }
    harts.getFirst().reset(RAM, 0);
  }

  @AfterEach
  void close() {
    ram.close();
  }

  /// Error and value.
  private String call(long extension, long function, long... arguments) {
    Hart hart = harts.getFirst();
    hart.setX(17, extension);
    hart.setX(16, function);
    for (int i = 0; i < 6; i++) {
      hart.setX(10 + i, i < arguments.length ? arguments[i] : 0);
    }
    long before = hart.pc();
    hart.run(1);
    assertThat(hart.pc()).as("goes on behind the ecall").isEqualTo(before + 4);
    return hart.x(10) + " " + hart.x(11);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0 50331648, version 3.0",
    "1, 0, 0 1112692045, implementation",
    "3, 0x10, 0 1, BASE",
    "3, 0x54494d45, 0 1, TIME",
    "3, 0x735049, 0 1, IPI",
    "3, 0x52464e43, 0 1, RFENCE",
    "3, 0x48534d, 0 1, HSM",
    "3, 0x53525354, 0 1, SRST",
    "3, 0x4442434e, 0 1, DBCN",
    "3, 0x53555350, 0 1, SUSP",
    "3, 0x535441, 0 1, STA",
    "3, 0x504d55, 0 0, PMU is not offered",
    "3, 1, 0 0, the legacy console is not offered",
    "4, 0, 0 0, mvendorid",
    "7, 0, -2 0, no such function",
  })
  void base(int function, String argument, String expected, String what) {
    assertThat(call(0x10, function, Long.decode(argument))).as(what).isEqualTo(expected);
  }

  @Test
  void whatIsNotOfferedIsNotSupported() {
    for (long extension : new long[] {0, 1, 8, 0x504d55, 0x0a000000, -1}) {
      assertThat(call(extension, 0)).isEqualTo("-2 0");
    }
    for (long extension :
        new long[] {0x54494d45, 0x735049, 0x52464e43, 0x48534d, 0x53525354, 0x53555350, 0x535441}) {
      assertThat(call(extension, 99)).isEqualTo("-2 0");
    }
  }

  @Test
  void theTimerIsSetAndTakenBack() {
    assertThat(call(0x54494d45, 0, 500)).isEqualTo("0 0");
    assertThat(harts.getFirst().csr(0x344) >> Hart.STIP & 1).isZero();
    now = 500;
    assertThat(harts.getFirst().csr(0x344) >> Hart.STIP & 1).isEqualTo(1);
    call(0x54494d45, 0, -1);
    assertThat(harts.getFirst().csr(0x344) >> Hart.STIP & 1).isZero();
  }

  /// Mask, base, answer, and which harts then have a software interrupt.
  @ParameterizedTest
  @CsvSource({
    "0b1, 1, 0 0, 1",
    "0b110, 0, 0 0, 12",
    "0b11, 1, 0 0, 12",
    "0, -1, 0 0, 012",
    "0, 0, 0 0, ''",
    "0, 77, 0 0, ''",
    "0b1000, 0, -3 0, ''",
    "0b1001, 0, -3 0, ''",
    "1, 3, -3 0, ''",
    "1, -2, -3 0, ''",
    "1, 0x7fffffffffffffff, -3 0, ''",
  })
  void interruptsReachTheHartsOfTheMask(String mask, String base, String answer, String reached) {
    long bits = mask.startsWith("0b") ? Long.parseLong(mask.substring(2), 2) : Long.parseLong(mask);
    assertThat(call(0x735049, 0, bits, Long.decode(base))).isEqualTo(answer);
    StringBuilder pending = new StringBuilder();
    for (Hart hart : harts) {
      if ((hart.csr(0x344) >> Hart.SSIP & 1) != 0) {
        pending.append(hart.id());
      }
    }
    assertThat(pending).hasToString(reached);
  }

  @Test
  void fences() {
    for (int function = 0; function < 3; function++) {
      assertThat(call(0x52464e43, function, 0b111, 0, 0, -1)).isEqualTo("0 0");
      assertThat(call(0x52464e43, function, 0b1000, 0)).isEqualTo("-3 0");
    }
    assertThat(call(0x52464e43, 3, 1, 0)).as("no hypervisor extension").isEqualTo("-2 0");
  }

  @Test
  void hartsStartOnceAtAnAddressThatExists() {
    assertThat(call(0x48534d, 2, 0)).isEqualTo("0 0");
    assertThat(call(0x48534d, 2, 1)).isEqualTo("0 1");
    assertThat(call(0x48534d, 2, 3)).isEqualTo("-3 0");
    assertThat(call(0x48534d, 0, 1, 0x1000, 0)).isEqualTo("-5 0");
    assertThat(call(0x48534d, 0, 1, RAM + 1, 0)).isEqualTo("-5 0");
    assertThat(call(0x48534d, 0, 9, RAM, 0)).isEqualTo("-3 0");
    assertThat(call(0x48534d, 0, -1, RAM, 0)).isEqualTo("-3 0");
    assertThat(call(0x48534d, 0, 1, RAM + 0x100, 77)).isEqualTo("0 0");
    assertThat(call(0x48534d, 0, 1, RAM, 0)).isEqualTo("-6 0");
    assertThat(call(0x48534d, 2, 1)).isEqualTo("0 0");
    Hart started = harts.get(1);
    assertThat(started.pc()).isEqualTo(RAM + 0x100);
    assertThat(started.x(10)).isEqualTo(1);
    assertThat(started.x(11)).isEqualTo(77);
    assertThat(started.privilege()).isEqualTo(1);
  }

  /// Kind, where to go on, answer of those that do not sleep.
  @ParameterizedTest
  @CsvSource({
    "1, 0x80000000, -3 0",
    "0x0fffffff, 0x80000000, -3 0",
    "0x10000000, 0x80000000, -3 0",
    "0x7fffffff, 0x80000000, -3 0",
    "0x80000001, 0x80000000, -3 0",
    "0x90000000, 0x80000000, -3 0",
    "0xffffffff, 0x80000000, -3 0",
    "0x80000000, 0x80000001, -5 0",
    "0x80000000, 0x1000, -5 0",
    "0x80000000, -2, -5 0",
  })
  void aHartThatCannotSuspendIsToldWhy(String type, String resume, String answer) {
    assertThat(call(0x48534d, 3, Long.decode(type), Long.decode(resume), 7)).isEqualTo(answer);
    assertThat(harts.getFirst().isWaiting()).isFalse();
    assertThat(call(0x48534d, 2, 0)).as("started").isEqualTo("0 0");
  }

  /// Suspends hart 1, which was started at the beginning of RAM; hart 0 goes on.
  private Hart suspendHartOne(long type, long resume) {
    assertThat(call(0x48534d, 0, 1, RAM, 0)).isEqualTo("0 0");
    Hart hart = harts.get(1);
    hart.setCsr(Csr.SIE, 1 << Hart.SSIP);
    hart.setCsr(Csr.SSTATUS, 2);
    // As Sv39 would have it if RAM were one leaf of 1 GiB where it is.
    ram.store64(RAM + 0x2000 + 2 * 8, RAM >>> 2 | 0xcf);
    hart.setCsr(Csr.SATP, 8L << 60 | (RAM + 0x2000) >>> 12);
    hart.setX(17, 0x48534d);
    hart.setX(16, 3);
    hart.setX(10, type);
    hart.setX(11, resume);
    hart.setX(12, 77);
    hart.setX(20, 1234);
    hart.run(100);
    assertThat(hart.isWaiting()).isTrue();
    assertThat(call(0x48534d, 2, 1)).as("suspended").isEqualTo("0 4");
    assertThat(call(0x48534d, 0, 1, RAM, 0)).as("already available").isEqualTo("-6 0");
    assertThat(call(0x53555350, 0, 0, RAM, 0)).as("not the last hart").isEqualTo("-4 0");
    assertThat(call(0x735049, 0, 2, 0)).isEqualTo("0 0");
    assertThat(hart.isWaiting()).as("an IPI wakes it").isFalse();
    states.resume(1);
    assertThat(call(0x48534d, 2, 1)).as("started").isEqualTo("0 0");
    return hart;
  }

  @Test
  void aHartThatKeepsItsStateReturnsFromItsSleep() {
    Hart hart = suspendHartOne(0, -1);
    assertThat(hart.pc()).isEqualTo(RAM + 4);
    assertThat(hart.x(10)).isZero();
    assertThat(hart.x(11)).isZero();
    assertThat(hart.x(20)).isEqualTo(1234);
    assertThat(hart.csr(Csr.SSTATUS) & 2).as("interrupts are on").isEqualTo(2);
    assertThat(hart.csr(Csr.SATP) >>> 60).isEqualTo(8);
  }

  @Test
  void aHartThatLosesItsStateGoesOnWhereItAsked() {
    Hart hart = suspendHartOne(0x8000_0000L, RAM + 0x100);
    assertThat(hart.pc()).isEqualTo(RAM + 0x100);
    assertThat(hart.x(10)).as("its number").isEqualTo(1);
    assertThat(hart.x(11)).isEqualTo(77);
    assertThat(hart.csr(Csr.SSTATUS) & 2).as("interrupts are off").isZero();
    assertThat(hart.csr(Csr.SATP)).as("addresses are physical").isZero();
    assertThat(hart.csr(Csr.SIE)).as("what wakes it stays").isEqualTo(1 << Hart.SSIP);
    assertThat(hart.privilege()).isEqualTo(1);
  }

  @Test
  void aHartWithAnInterruptPendingDoesNotSleep() {
    Hart hart = harts.getFirst();
    hart.setCsr(Csr.SIE, 1 << Hart.SSIP);
    hart.setInterrupt(Hart.SSIP, true);
    assertThat(call(0x48534d, 3, 0)).isEqualTo("0 0");
    assertThat(hart.isWaiting()).isFalse();
    assertThat(call(0x48534d, 2, 0)).as("started").isEqualTo("0 0");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, off 0",
    "0, 1, off 1",
    "1, 0, reset",
    "2, 0, reset",
    "3, 0, ''",
    "0, 2, ''",
    "0xf0000000, 0, ''",
  })
  void resets(String type, int reason, String expected) {
    call(0x53525354, 0, Long.decode(type), reason);
    assertThat(String.join(",", pressed)).isEqualTo(expected);
  }

  @Test
  void theConsolePrintsAndReads() {
    byte[] text = "guest".getBytes(StandardCharsets.US_ASCII);
    ram.write(RAM + 0x1000, text, 0, 5);
    assertThat(call(0x4442434e, 0, 5, RAM + 0x1000, 0)).isEqualTo("0 5");
    assertThat(call(0x4442434e, 2, '!')).isEqualTo("0 0");
    assertThat(call(0x4442434e, 0, 100_000, RAM, 0)).as("a part").isEqualTo("0 4096");
    console.flush();
    assertThat(printed.toString(StandardCharsets.US_ASCII)).startsWith("guest!");
    typed.add((int) 'a');
    typed.add((int) 'b');
    assertThat(call(0x4442434e, 1, 10, RAM + 0x2000, 0)).isEqualTo("0 2");
    assertThat(ram.load16(RAM + 0x2000)).isEqualTo('a' | 'b' << 8);
    assertThat(call(0x4442434e, 1, 10, RAM + 0x2000, 0)).isEqualTo("0 0");
  }

  @ParameterizedTest
  @CsvSource({
    "5, 0x1000, 0",
    "5, 0x80000000, 1",
    "-1, 0x80000000, 0",
    "2, 0x800fffff, 0",
    "0x7fffffffffffffff, 0x80000000, 0",
  })
  void consoleBuffersOutsideRamAreRefused(String bytes, String low, long high) {
    for (int function = 0; function < 2; function++) {
      assertThat(call(0x4442434e, function, Long.decode(bytes), Long.decode(low), high))
          .isEqualTo("-3 0");
    }
  }

  /// Sleep type, where to go on, how many other harts run, answer.
  @ParameterizedTest
  @CsvSource({
    "1, 0x80000000, 0, -3 0",
    "0x80000000, 0x80000000, 0, -3 0",
    "0xffffffff, 0x80000000, 0, -3 0",
    "0, 0x80000001, 0, -5 0",
    "0, 0x1000, 0, -5 0",
    "0, 0x80000100, 1, -4 0",
  })
  void aMachineThatCannotSuspendIsToldWhy(String type, String resume, int others, String answer) {
    for (int id = 1; id <= others; id++) {
      assertThat(call(0x48534d, 0, id, RAM, 0)).isEqualTo("0 0");
    }
    assertThat(call(0x53555350, 0, Long.decode(type), Long.decode(resume), 7)).isEqualTo(answer);
    assertThat(harts.getFirst().isWaiting()).isFalse();
  }

  @Test
  void aSuspendedMachineSleepsUntilAnEnabledInterruptAndGoesOnWhereItAsked() {
    Hart hart = harts.getFirst();
    ram.store32(RAM + 0x100, 0x0000_0013);
    hart.setCsr(Csr.SIE, 1 << Hart.SEIP);
    hart.setCsr(Csr.SSTATUS, 2);
    // Sv39, where RAM is where it is: one leaf of 1 GiB.
    ram.store64(RAM + 0x2000 + 2 * 8, RAM >>> 2 | 0xcf);
    hart.setCsr(Csr.SATP, 8L << 60 | (RAM + 0x2000) >>> 12);
    hart.setX(17, 0x53555350);
    hart.setX(16, 0);
    hart.setX(10, 0);
    hart.setX(11, RAM + 0x100);
    hart.setX(12, 77);
    hart.run(100);
    assertThat(hart.isWaiting()).isTrue();
    hart.setInterrupt(Hart.SSIP, true);
    assertThat(hart.isWaiting()).as("SSIP is not enabled").isTrue();
    assertThat(hart.run(100)).isZero();
    hart.setInterrupt(Hart.SEIP, true);
    assertThat(hart.isWaiting()).isFalse();
    assertThat(hart.run(1)).isEqualTo(1);
    assertThat(hart.pc()).isEqualTo(RAM + 0x104);
    assertThat(hart.x(10)).isZero();
    assertThat(hart.x(11)).isEqualTo(77);
    assertThat(hart.csr(Csr.SSTATUS) & 2).as("interrupts are off").isZero();
    assertThat(hart.csr(Csr.SATP)).as("addresses are physical").isZero();
    assertThat(hart.privilege()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "0x80001000, 0, 0, 0 0",
    "0x800fffc0, 0, 0, 0 0",
    "-1, -1, 0, 0 0",
    "0x80001000, 0, 1, -3 0",
    "0x80001020, 0, 0, -3 0",
    "0x80001000, 1, 0, -5 0",
    "0x80100000, 0, 0, -5 0",
    "0x1000, 0, 0, -5 0",
    "-1, 0, 0, -3 0",
    "-64, 0, 0, -5 0",
  })
  void stealTimeMemoryIsCheckedAndZeroed(String low, long high, long flags, String answer) {
    long address = Long.decode(low);
    if (answer.equals("0 0") && high == 0) {
      ram.store64(address + 8, -1);
    }
    assertThat(call(0x535441, 0, address, high, flags)).isEqualTo(answer);
    if (answer.equals("0 0") && high == 0) {
      assertThat(ram.load64(address + 8)).isZero();
    }
  }

  @Test
  void stealTimeIsWhatAHartCouldHaveRunAndDidNot() {
    long shared = RAM + 0x1000;
    assertThat(call(0x535441, 0, shared, 0, 0)).isEqualTo("0 0");
    stealTime.enter(0, 100);
    stealTime.leave(0, 200, true);
    stealTime.enter(0, 250);
    assertThat(ram.load64(shared + 8)).isEqualTo(50);
    assertThat(ram.load32(shared)).as("sequence").isEqualTo(2);
    stealTime.leave(0, 300, false);
    stealTime.enter(0, 1_000);
    assertThat(ram.load64(shared + 8)).as("it waited").isEqualTo(50);
    stealTime.leave(0, 1_100, true);
    stealTime.pause();
    stealTime.enter(0, 9_000);
    assertThat(ram.load64(shared + 8)).as("the machine was paused").isEqualTo(50);
    stealTime.leave(0, 10_000, true);
    stealTime.enter(1, 10_000);
    stealTime.enter(0, 10_007);
    assertThat(ram.load64(shared + 8)).isEqualTo(57);
    assertThat(call(0x535441, 0, -1, -1, 0)).isEqualTo("0 0");
    stealTime.leave(0, 11_000, true);
    stealTime.enter(0, 12_000);
    assertThat(ram.load64(shared + 8)).as("nobody listens").isEqualTo(57);
  }
}
