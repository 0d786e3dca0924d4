package brume.hypervisor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.memory.PhysicalMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TrapTest {
  private static final int MRET = 0x30200073, SRET = 0x10200073, WFI = 0x10500073;
  private static final int EBREAK = 0x00100073;

  private final Bench bench = new Bench();
  private final Hart hart = bench.hart;

  @AfterEach
  void close() {
    bench.close();
  }

  @ParameterizedTest(name = "{0} in mode {1} with mstatus {2}: cause {3}")
  @CsvSource({
    // instruction, mode, mstatus bit, cause; -1 is none
    "0x00000073, 0, -1,  8",
    "0x00000073, 1, -1,  9",
    "0x00000073, 3, -1, 11",
    "0x00100073, 0, -1,  3",
    "0x30200073, 1, -1,  2", // mret
    "0x10200073, 0, -1,  2", // sret
    "0x10200073, 1, -1, -1",
    "0x10200073, 1, 22,  2", // TSR
    "0x10200073, 3, 22, -1",
    "0x10500073, 1, -1, -1", // wfi
    "0x10500073, 1, 21,  2", // TW
    "0x10500073, 3, 21, -1",
    "0x12000073, 0, -1,  2", // sfence.vma
    "0x12000073, 1, -1, -1",
    "0x12000073, 1, 20,  2", // TVM
    "0x16000073, 1, 20,  2", // sinval.vma
    "0x18000073, 1, 20, -1", // sfence.w.inval
    "0x18000073, 0, -1,  2",
    "0x0045a00f, 1, -1,  2", // cbo.zero without CBZE
    "0x0045a00f, 3, -1, -1",
    "0x00000000, 3, -1,  2",
    "0x00b50553, 3, -1,  2", // fadd.s with FS off
  })
  void whatIsNotAllowedTraps(String instruction, int mode, int bit, int cause) {
    bench.openPmp();
    bench.code(Integer.decode(instruction));
    hart.setX(11, Bench.BASE + 0x1000);
    if (bit >= 0) {
      hart.setCsr(Csr.MSTATUS, 1L << bit);
    }
    hart.setPrivilege(mode);
    boolean retired = hart.run(1) == 1;
    assertThat(retired).isEqualTo(cause < 0);
    if (cause >= 0) {
      assertThat(bench.cause()).isEqualTo(cause);
      assertThat(hart.csr(Csr.MEPC)).isEqualTo(Bench.BASE);
      assertThat(hart.privilege()).isEqualTo(Privilege.MACHINE);
      assertThat(hart.csr(Csr.MSTATUS) >>> 11 & 3).isEqualTo(mode);
    }
  }

  @Test
  void whatIsDelegatedGoesToSupervisorModeFromBelowMachineMode() {
    bench.openPmp();
    hart.setCsr(Csr.MEDELEG, 1 << Cause.BREAKPOINT);
    hart.setCsr(Csr.STVEC, Bench.BASE + 0x400);
    hart.setCsr(Csr.SSTATUS, Status.SIE);
    bench.code(EBREAK);
    hart.setPrivilege(Privilege.USER);
    hart.run(1);
    assertThat(hart.privilege()).isEqualTo(Privilege.SUPERVISOR);
    assertThat(hart.pc()).isEqualTo(Bench.BASE + 0x400);
    assertThat(hart.csr(Csr.SCAUSE)).isEqualTo(Cause.BREAKPOINT);
    assertThat(hart.csr(Csr.SEPC)).isEqualTo(Bench.BASE);
    assertThat(hart.csr(Csr.STVAL)).isEqualTo(Bench.BASE);
    assertThat(hart.csr(Csr.SSTATUS) & (Status.SIE | Status.SPIE | Status.SPP))
        .isEqualTo(Status.SPIE);
    bench.code(EBREAK);
    hart.setPrivilege(Privilege.MACHINE);
    hart.run(1);
    assertThat(hart.privilege()).as("never down from M").isEqualTo(Privilege.MACHINE);
  }

  @Test
  void returnsRestoreTheStackOfModes() {
    bench.openPmp();
    bench.code(MRET);
    hart.setCsr(Csr.MEPC, Bench.BASE + 0x100);
    hart.setCsr(
        Csr.MSTATUS, Status.MPIE | Status.MPRV | (long) Privilege.SUPERVISOR << Status.MPP_SHIFT);
    hart.run(1);
    assertThat(hart.privilege()).isEqualTo(Privilege.SUPERVISOR);
    assertThat(hart.pc()).isEqualTo(Bench.BASE + 0x100);
    assertThat(hart.csr(Csr.MSTATUS) & (Status.MIE | Status.MPIE | Status.MPP | Status.MPRV))
        .isEqualTo(Status.MIE | Status.MPIE);
    bench.ram.store32(Bench.BASE + 0x100, SRET);
    hart.setCsr(Csr.SEPC, Bench.BASE + 0x200);
    hart.run(1);
    assertThat(hart.privilege()).isEqualTo(Privilege.USER);
    assertThat(hart.pc()).isEqualTo(Bench.BASE + 0x200);
  }

  @Test
  void interruptsComeByPriorityAndVector() {
    bench.code(Bench.NOP, Bench.NOP);
    hart.setCsr(Csr.MTVEC, Bench.BASE + 0x800 | 1);
    hart.setCsr(Csr.MIE, 0xaaa);
    hart.setInterrupt(Hart.SSIP, true);
    hart.setInterrupt(Hart.MTIP, true);
    hart.setInterrupt(Hart.MEIP, true);
    hart.run(1);
    assertThat(hart.csr(Csr.MCAUSE)).as("MIE is off").isZero();
    hart.setCsr(Csr.MSTATUS, Status.MIE);
    bench.ram.store32(Bench.BASE + 0x800 + 4 * 11, Bench.NOP);
    bench.ram.store32(Bench.BASE + 0x800 + 4 * 7, Bench.NOP);
    hart.run(1);
    assertThat(hart.csr(Csr.MCAUSE)).isEqualTo(1L << 63 | Hart.MEIP);
    assertThat(hart.csr(Csr.MEPC)).isEqualTo(Bench.BASE + 4);
    assertThat(hart.pc()).isEqualTo(Bench.BASE + 0x800 + 4 * 11 + 4);
    hart.setInterrupt(Hart.MEIP, false);
    hart.setCsr(Csr.MSTATUS, Status.MIE);
    hart.run(1);
    assertThat(hart.csr(Csr.MCAUSE)).isEqualTo(1L << 63 | Hart.MTIP);
  }

  @Test
  void aWaitEndsWithWhatIsEnabledEvenWhenItMayNotInterrupt() {
    bench.code(WFI, Bench.NOP);
    hart.setCsr(Csr.MIE, 1 << Hart.STIP);
    hart.setCsr(Csr.MENVCFG, 1L << 63);
    hart.setCsr(Csr.STIMECMP, 500);
    assertThat(hart.run(1000)).isEqualTo(1);
    assertThat(hart.isWaiting()).isTrue();
    assertThat(hart.nextTimerTime()).isEqualTo(500);
    assertThat(hart.run(1000)).isZero();
    bench.time = 500;
    assertThat(hart.isWaiting()).isFalse();
    assertThat(hart.run(1)).isEqualTo(1);
    assertThat(hart.pc()).isEqualTo(Bench.BASE + 8);
  }

  @Test
  void aParavirtualMachineStartsInSupervisorModeAndAsksOutside() {
    Hart[] caller = new Hart[1];
    SupervisorCalls calls =
        hart -> {
          caller[0] = hart;
          hart.setX(10, 42);
          hart.requestExit();
        };
    Hart guest =
        new Hart(3, new PhysicalMemory(bench.ram), new HartConfig(calls), () -> bench.time);
    bench.code(Bench.NOP, Bench.ECALL, Bench.NOP, Bench.NOP);
    guest.reset(Bench.BASE, 77);
    assertThat(guest.privilege()).isEqualTo(Privilege.SUPERVISOR);
    assertThat(guest.x(10)).isEqualTo(3);
    assertThat(guest.x(11)).isEqualTo(77);
    assertThat(guest.run(1000)).as("the exit asked for in the call").isEqualTo(2);
    assertThat(caller[0]).isSameAs(guest);
    assertThat(guest.x(10)).isEqualTo(42);
    assertThat(guest.pc()).isEqualTo(Bench.BASE + 8);
    assertThat(guest.csr(Csr.MEDELEG)).isEqualTo(0xb3ff);
  }

  @Test
  void codeThatIsWrittenOverIsExecutedAnewAfterAFence() {
    // sw a0, 16(a1); fence.i; nop; nop; addi a2, a2, 1 -> addi a2, a2, 2
    bench.code(0x00a5a823, 0x0000100f, Bench.NOP, Bench.NOP, 0x00160613);
    hart.setX(10, 0x00260613);
    hart.setX(11, Bench.BASE);
    assertThat(hart.run(5)).isEqualTo(5);
    assertThat(hart.x(12)).isEqualTo(2);
    bench.code(Bench.NOP, Bench.NOP, Bench.NOP, Bench.NOP, 0x00460613);
    hart.run(5);
    assertThat(hart.x(12)).as("written by a device").isEqualTo(6);
  }

  @Test
  void aPageWithCodeAndDataKeepsItsDecodedCode() {
    // loop: sd a0, 0(a1); addi a2, a2, -1; bnez a2, loop
    bench.code(Bench.STORE, 0xfff60613, 0xfe061ce3);
    hart.setX(11, Bench.BASE + 0x700);
    hart.setX(12, 100_000);
    assertThat(hart.run(300_000)).isEqualTo(300_000);
    assertThat(hart.pc()).isEqualTo(Bench.BASE + 12);
  }

  @Test
  void aReservationEndsWithAnotherHartsTurnOrADevicesWrite() {
    int loadReserved = 0x1005b52f; // lr.d a0, (a1)
    int storeConditional = 0x18c5b6af; // sc.d a3, a2, (a1)
    bench.code(loadReserved, storeConditional);
    hart.setX(11, Bench.BASE + 0x1000);
    hart.run(2);
    assertThat(hart.x(13)).as("undisturbed").isZero();
    hart.setPc(Bench.BASE);
    hart.run(1);
    bench.ram.store64(Bench.BASE + 0x1000, 5);
    hart.run(1);
    assertThat(hart.x(13)).as("a device wrote").isEqualTo(1);
    Hart other = new Hart(1, bench.memory, new HartConfig(null), () -> 0);
    other.reset(Bench.BASE, 0);
    hart.setPc(Bench.BASE);
    hart.run(1);
    other.run(1);
    hart.run(1);
    assertThat(hart.x(13)).as("another hart ran").isEqualTo(1);
  }
}
