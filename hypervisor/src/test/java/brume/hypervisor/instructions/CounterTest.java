package brume.hypervisor.instructions;

import static brume.hypervisor.instructions.Probe.CODE;
import static brume.hypervisor.instructions.Probe.DATA;
import static brume.hypervisor.instructions.Probe.MACHINE;
import static brume.hypervisor.instructions.Probe.MCOUNTEREN;
import static brume.hypervisor.instructions.Probe.MCYCLE;
import static brume.hypervisor.instructions.Probe.MINSTRET;
import static brume.hypervisor.instructions.Probe.SCOUNTEREN;
import static brume.hypervisor.instructions.Probe.SUPERVISOR;
import static brume.hypervisor.instructions.Probe.USER;
import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.reference.Machine;
import brume.hypervisor.reference.Program;
import brume.hypervisor.reference.Rv;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// `minstret` and `mcycle` as a program reads them: what counts, what does not, and what a write
/// does (unprivileged §8, privileged §3.1.10 to §3.1.12). A cycle is an instruction here.
class CounterTest {
  private static final int READ_FIRST = Rv.imm("csrrs", Rv.A0, 0, MINSTRET);
  private static final int READ_SECOND = Rv.imm("csrrs", Rv.A1, 0, MINSTRET);

  @SuppressWarnings("ArrayRecordComponent") // A row of a table, never compared.
  private record Counted(String what, int... words) {}

  /// All but the traps, which the next test looks at.
  private static final List<Counted> INSTRUCTIONS =
      List.of(
          new Counted("nothing"),
          new Counted("computing", Rv.NOP, Rv.op("mulh", 5, 6, 7), Rv.op("fdiv.d", 1, 2, 3)),
          new Counted("two halfwords", 0x0001_0001),
          new Counted("a jump over one", Rv.imm("jal", 0, 0, 8), Rv.NOP),
          new Counted("a branch over one", Rv.imm("beq", 0, 0, 8), Rv.NOP),
          new Counted("a branch that is not taken", Rv.imm("bne", 0, 0, 8)),
          new Counted("a load over two pages", Rv.imm("ld", Rv.A2, Rv.T0, -3)),
          new Counted("a store over two pages", Rv.imm("sd", Rv.A2, Rv.T0, -3)),
          new Counted("atomics", Rv.op("lr.d", 5, Rv.T1), Rv.op("sc.d", 6, Rv.T1, 0)),
          new Counted("a store-conditional that fails", Rv.op("sc.d", 6, Rv.T1, 0)),
          new Counted("an update", Rv.op("amoadd.w", 6, Rv.T1, 0)),
          new Counted("fences", Rv.FENCE, Rv.FENCE_I, Rv.SFENCE_VMA, 0x1800_0073, 0x1810_0073),
          new Counted("hints", 0x0100_000f, 0x00d0_0073, 0x01d0_0073),
          new Counted("block instructions", 0x0043_200f, 0x0023_200f),
          new Counted("registers", Rv.imm("csrrw", 5, 0, 0x340), Rv.imm("csrrwi", 0, 1, 0x180)),
          new Counted("a wait that ends at once", Rv.WFI));

  private static Probe prepare(Probe probe) {
    probe.restart();
    probe.machine.setX(Rv.T0, DATA + 0x1000);
    probe.machine.setX(Rv.T1, DATA + 0x100);
    probe.machine.setCsr(Probe.MIE, 8);
    probe.machine.setInterrupt(3, true);
    return probe;
  }

  @ParameterizedTest
  @EnumSource
  void everyRetiredInstructionCountsOnce(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      for (Counted counted : INSTRUCTIONS) {
        prepare(probe);
        Program program = new Program(CODE).add(READ_FIRST).add(counted.words).add(READ_SECOND);
        probe.machine.execute(program);
        long expected = 1;
        for (int word : counted.words) {
          expected += word == 0x0001_0001 ? 2 : 1;
        }
        expected -= counted.what.endsWith("over one") ? 1 : 0;
        assertThat(probe.machine.x(Rv.A1) - probe.machine.x(Rv.A0))
            .as(counted.what)
            .isEqualTo(expected);
      }
    }
  }

  /// What traps does not retire, and an interrupt is no instruction; the handler's first reads it.
  @ParameterizedTest
  @EnumSource
  void trapsDoNotCount(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      for (int word :
          new int[] {
            Rv.ECALL, Rv.EBREAK, 0, -1, Rv.imm("ld", Rv.A2, 0, 0), Rv.imm("csrrsi", 0, 8, 0x300)
          }) {
        prepare(probe);
        boolean interrupts = word == Rv.imm("csrrsi", 0, 8, 0x300);
        probe.machine.write(new Program(Probe.MACHINE_HANDLER).add(READ_SECOND, Rv.NOP));
        probe.machine.write(new Program(CODE).add(READ_FIRST, word, Rv.NOP, Rv.NOP));
        probe.machine.setPc(CODE);
        for (int steps = 0; probe.machine.pc() != Probe.MACHINE_HANDLER + 4; steps++) {
          assertThat(steps).as("%08x never came to the handler", word).isLessThan(20);
          probe.machine.attempt(1);
        }
        assertThat(probe.machine.csr(Probe.MEPC)).isEqualTo(CODE + (interrupts ? 8 : 4));
        assertThat(probe.machine.x(Rv.A1) - probe.machine.x(Rv.A0))
            .as("%08x", word)
            .isEqualTo(interrupts ? 2 : 1);
      }
    }
  }

  /// The return from a trap retires: `mret` and the read behind it.
  @ParameterizedTest
  @EnumSource
  void returnsCount(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      for (int word : new int[] {Rv.MRET, Rv.SRET}) {
        prepare(probe);
        Machine machine = probe.machine;
        machine.setCsr(MCOUNTEREN, -1);
        machine.setCsr(Probe.MIE, 0);
        machine.setCsr(Probe.MSTATUS, 1 << 11 | 1 << 8);
        machine.setCsr(Probe.MEPC, CODE + 8);
        machine.setCsr(Probe.SEPC, CODE + 8);
        int readInstret = Rv.imm("csrrs", Rv.A1, 0, 0xc02);
        machine.execute(new Program(CODE).add(READ_FIRST, word, readInstret));
        assertThat(machine.privilege()).isEqualTo(SUPERVISOR);
        assertThat(machine.x(Rv.A1) - machine.x(Rv.A0)).as("%08x", word).isEqualTo(2);
      }
    }
  }

  /// The value written is what the next instruction reads, however it is written; from there it
  /// goes on, past the top to zero.
  @ParameterizedTest
  @CsvSource({
    "csrrw,  40, 40",
    "csrrwi, 9,  9",
    "csrrs,  0x1000, 0x1005",
    "csrrc,  4,  1",
    "csrrsi, 16, 21",
    "csrrci, 1,  4",
    "csrrw,  -1, -1",
  })
  void whatIsWrittenIsWhatComesNext(String name, String operand, String after) {
    for (Machine.Kind kind : Machine.Kind.values()) {
      for (int counter : new int[] {MINSTRET, MCYCLE}) {
        try (Probe probe = new Probe(kind)) {
          Machine machine = probe.machine;
          int value = Integer.decode(operand);
          boolean immediate = name.endsWith("i");
          machine.setX(Rv.T0, value);
          int read = Rv.imm("csrrs", Rv.A0, 0, counter);
          int readAgain = Rv.imm("csrrs", Rv.A1, 0, counter);
          Program program = new Program(CODE).imm("csrrwi", 0, 4, counter).add(Rv.NOP);
          program.imm(name, Rv.A2, immediate ? value : Rv.T0, counter).add(read, readAgain);
          machine.execute(program);
          String what = "%s on %s".formatted(name, kind);
          assertThat(machine.x(Rv.A2)).as(what).isEqualTo(5);
          assertThat(machine.x(Rv.A0)).as(what).isEqualTo(Long.decode(after));
          assertThat(machine.x(Rv.A1)).as(what).isEqualTo(Long.decode(after) + 1);
        }
      }
    }
  }

  /// All 32 counters from `cycle` to `hpmcounter31`: each needs its own bit in both registers, and
  /// nothing is to be written from below M-mode, or to their shadows at all.
  @ParameterizedTest
  @EnumSource
  void eachCounterHasItsOwnBit(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      for (int counter = 0; counter < 32; counter++) {
        long bit = 1L << counter;
        int read = Rv.imm("csrrs", Rv.A0, 0, 0xc00 + counter);
        int write = Rv.imm("csrrw", 0, Rv.A0, 0xc00 + counter);
        for (long machineBits : new long[] {bit, ~bit}) {
          for (long supervisorBits : new long[] {bit, ~bit}) {
            probe.machine.setCsr(MCOUNTEREN, machineBits & 0xffff_ffffL);
            probe.machine.setCsr(SCOUNTEREN, supervisorBits & 0xffff_ffffL);
            boolean forS = machineBits == bit;
            boolean forU = forS && supervisorBits == bit;
            String illegal = "2 %x -> M".formatted(read);
            assertThat(probe.attempt(SUPERVISOR, read).outcome()).isEqualTo(forS ? "ok" : illegal);
            assertThat(probe.attempt(USER, read).outcome()).isEqualTo(forU ? "ok" : illegal);
          }
        }
        assertThat(probe.attempt(MACHINE, write).outcome()).isEqualTo("2 %x -> M".formatted(write));
      }
    }
  }
}
