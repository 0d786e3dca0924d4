package brume.hypervisor.instructions;

import static brume.hypervisor.instructions.Probe.CODE;
import static brume.hypervisor.instructions.Probe.MACHINE;
import static brume.hypervisor.instructions.Probe.SUPERVISOR;
import static brume.hypervisor.instructions.Probe.USER;
import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.reference.Machine;
import brume.hypervisor.reference.Program;
import brume.hypervisor.reference.Rv;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Control and status registers: who may touch which, what a write leaves (WARL), the six
/// instructions, and the counters (unprivileged §7 and §8, privileged §2, §3.1, §12.1).
class CsrTest {
  private static final Set<Integer> USER_REGISTERS = range(0x001, 0x003, 0xc00, 0xc1f);
  private static final Set<Integer> SUPERVISOR_REGISTERS =
      range(0x100, 0x100, 0x104, 0x106, 0x10a, 0x10a, 0x140, 0x144, 0x14d, 0x14d, 0x180, 0x180);
  private static final Set<Integer> MACHINE_REGISTERS =
      range(
          0x300, 0x306, 0x30a, 0x30a, 0x320, 0x320, 0x323, 0x33f, 0x340, 0x344, 0x3a0, 0x3a0, 0x3a2,
          0x3a2, 0x3b0, 0x3bf, 0x7a0, 0x7a4, 0xb00, 0xb00, 0xb02, 0xb1f, 0xf11, 0xf15);

  private static Set<Integer> range(int... ends) {
    Set<Integer> numbers = new TreeSet<>();
    for (int i = 0; i < ends.length; i += 2) {
      for (int number = ends[i]; number <= ends[i + 1]; number++) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  private static Probe open(Probe probe) {
    probe.restart();
    probe.machine.setCsr(Probe.MCOUNTEREN, -1);
    probe.machine.setCsr(Probe.SCOUNTEREN, -1);
    probe.machine.setCsr(Probe.MENVCFG, Long.MIN_VALUE);
    return probe;
  }

  /// All 4,096 numbers, from each mode, read and written; a CSR is read-only where bits 11:10 are
  /// 3.
  @ParameterizedTest
  @EnumSource
  void accessRights(Machine.Kind kind) {
    List<String> wrong = new ArrayList<>();
    try (Probe probe = new Probe(kind)) {
      open(probe);
      for (int number = 0; number < 4096; number++) {
        for (int privilege : new int[] {USER, SUPERVISOR, MACHINE}) {
          boolean known =
              USER_REGISTERS.contains(number)
                  || (SUPERVISOR_REGISTERS.contains(number) && privilege >= SUPERVISOR)
                  || (MACHINE_REGISTERS.contains(number) && privilege == MACHINE);
          boolean writable = known && number >> 10 != 3;
          int read = Rv.imm("csrrs", Rv.A0, 0, number);
          int clearNothing = Rv.imm("csrrci", Rv.A0, 0, number);
          int setNothing = Rv.imm("csrrs", Rv.A0, Rv.T0, number);
          probe.machine.setX(Rv.T0, 0);
          expect(wrong, probe, privilege, read, known);
          expect(wrong, probe, privilege, clearNothing, known);
          // A register operand other than x0 counts as a write even when it holds zero.
          expect(wrong, probe, privilege, setNothing, writable);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static void expect(
      List<String> wrong, Probe probe, int privilege, int word, boolean allowed) {
    String outcome = probe.attempt(privilege, word).outcome();
    if (!outcome.equals(allowed ? "ok" : "2 %x -> M".formatted(word))) {
      wrong.add("%08x in mode %d: %s".formatted(word, privilege, outcome));
      probe.restart();
    }
  }

  /// A value written to a fresh register, and what is read back.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          register | number | written          | read
          mstatus  | 300    | ffffffffffffffff | 8000000a007e79aa
          mstatus  | 300    | 0000000000001000 | 0000000a00000000
          mstatus  | 300    | 0000000000001800 | 0000000a00001800
          misa     | 301    | 0000000000000000 | 800000000014112f
          medeleg  | 302    | ffffffffffffffff | 000000000000b3ff
          mideleg  | 303    | ffffffffffffffff | 0000000000000222
          mie      | 304    | ffffffffffffffff | 0000000000000aaa
          mtvec    | 305    | 0000000080000001 | 0000000080000001
          mtvec    | 305    | 0000000080000003 | 0000000080000000
          mepc     | 341    | ffffffffffffffff | fffffffffffffffe
          mcause   | 342    | 800000000000003f | 800000000000003f
          mtval    | 343    | ffffffffffffffff | ffffffffffffffff
          mscratch | 340    | 123456789abcdef0 | 123456789abcdef0
          menvcfg  | 30a    | ffffffffffffffff | a0000000000000f1
          menvcfg  | 30a    | 0000000000000020 | 0000000000000000
          senvcfg  | 10a    | ffffffffffffffff | 00000000000000f1
          stvec    | 105    | ffffffffffffffff | fffffffffffffffc
          sepc     | 141    | 0000000000000001 | 0000000000000000
          satp     | 180    | 8fff00000000000f | 8fff00000000000f
          satp     | 180    | 9000000000000001 | 9000000000000001
          satp     | 180    | a000000000000001 | a000000000000001
          satp     | 180    | b000000000000001 | 0000000000000000
          satp     | 180    | 1000000000000001 | 0000000000000000
          counts   | 320    | ffffffffffffffff | 0000000000000005
          pmpaddr1 | 3b1    | ffffffffffffffff | 003fffffffffffff
          pmpcfg2  | 3a2    | 000000000000ff1f | 0000000000009f1f
          pmpcfg2  | 3a2    | 0000000000000002 | 0000000000000000
          pmpcfg2  | 3a2    | 0000000000009e1a | 0000000000009818
          tselect  | 7a0    | ffffffffffffffff | 0000000000000000
          tdata1   | 7a1    | ffffffffffffffff | 0000000000000000
          tdata2   | 7a2    | ffffffffffffffff | 0000000000000000
          tinfo    | 7a4    | ffffffffffffffff | 0000000000000001
          hpm3     | b03    | ffffffffffffffff | 0000000000000000
          event3   | 323    | ffffffffffffffff | 0000000000000000
          fflags   | 001    | ffffffffffffffff | 000000000000001f
          frm      | 002    | ffffffffffffffff | 0000000000000007
          fcsr     | 003    | ffffffffffffffff | 00000000000000ff
          sstatus  | 100    | ffffffffffffffff | 80000002000c6122
          """)
  void legalValues(String register, String number, String written, String read) {
    for (Machine.Kind kind : Machine.Kind.values()) {
      try (Probe probe = new Probe(kind)) {
        int csr = Integer.parseInt(number, 16);
        if (csr == Probe.MSTATUS) {
          probe.machine.setCsr(Probe.MSTATUS, 0);
        }
        probe.machine.setX(Rv.T0, Long.parseUnsignedLong(written, 16));
        probe.attempt(MACHINE, Rv.imm("csrrw", 0, Rv.T0, csr));
        assertThat(probe.outcome()).isEqualTo("ok");
        probe.attempt(MACHINE, Rv.imm("csrrs", Rv.A0, 0, csr));
        assertThat("%016x".formatted(probe.machine.x(Rv.A0)))
            .as("%s on %s", register, kind)
            .isEqualTo(read);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // old, name, operand, new
    "f0, csrrw,  0c, 0c",
    "f0, csrrs,  0c, fc",
    "ff, csrrc,  0c, f3",
    "f0, csrrwi, 0c, 0c",
    "f0, csrrsi, 0c, fc",
    "ff, csrrci, 0c, f3",
  })
  void theSixInstructions(String old, String name, String operand, String after) {
    for (Machine.Kind kind : Machine.Kind.values()) {
      try (Probe probe = new Probe(kind)) {
        int value = Integer.parseInt(operand, 16);
        probe.machine.setX(Rv.T0, value);
        int source = name.endsWith("i") ? value : Rv.T0;
        for (int rd : new int[] {0, Rv.T0, Rv.A0}) {
          probe.machine.setX(Rv.T0, value);
          probe.machine.setCsr(Probe.MSCRATCH, Integer.parseInt(old, 16));
          probe.attempt(MACHINE, Rv.imm(name, rd, source, Probe.MSCRATCH));
          assertThat(probe.machine.csr(Probe.MSCRATCH)).isEqualTo(Integer.parseInt(after, 16));
          assertThat(probe.machine.x(rd)).isEqualTo(rd == 0 ? 0 : Integer.parseInt(old, 16));
        }
      }
    }
  }

  /// `cycle`, `time` and `instret` need the bits of both enable registers (§3.1.11, §12.1.5).
  @ParameterizedTest
  @EnumSource
  void counterEnables(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      for (int counter = 0; counter < 3; counter++) {
        int read = Rv.imm("csrrs", Rv.A0, 0, 0xc00 + counter);
        for (int machineBits = 0; machineBits < 8; machineBits++) {
          for (int supervisorBits = 0; supervisorBits < 8; supervisorBits++) {
            probe.machine.setCsr(Probe.MCOUNTEREN, machineBits);
            probe.machine.setCsr(Probe.SCOUNTEREN, supervisorBits);
            boolean forS = (machineBits >> counter & 1) != 0;
            boolean forU = forS && (supervisorBits >> counter & 1) != 0;
            String illegal = "2 %x -> M".formatted(read);
            assertThat(probe.attempt(MACHINE, read).outcome()).isEqualTo("ok");
            assertThat(probe.attempt(SUPERVISOR, read).outcome()).isEqualTo(forS ? "ok" : illegal);
            assertThat(probe.attempt(USER, read).outcome()).isEqualTo(forU ? "ok" : illegal);
          }
        }
      }
      // stimecmp: time's bit, and Sstc switched on.
      int read = Rv.imm("csrrs", Rv.A0, 0, Probe.STIMECMP);
      for (int bits = 0; bits < 4; bits++) {
        probe.machine.setCsr(Probe.MCOUNTEREN, (bits & 1) << 1);
        probe.machine.setCsr(Probe.MENVCFG, (long) bits >> 1 << 63);
        assertThat(probe.attempt(SUPERVISOR, read).outcome().equals("ok")).isEqualTo(bits == 3);
        assertThat(probe.attempt(MACHINE, read).outcome()).isEqualTo("ok");
      }
    }
  }

  /// Exactly the instructions that retire: not `ecall`, `ebreak` or what faults; a write is what
  /// the next instruction reads; nothing while inhibited (§3.1.10, §3.1.12).
  @ParameterizedTest
  @EnumSource
  void retiredInstructions(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      Machine machine = probe.machine;
      Program program = new Program(CODE);
      program.imm("csrrwi", 0, 0, Probe.MINSTRET);
      program.imm("csrrs", Rv.A0, 0, Probe.MINSTRET);
      program.add(Rv.NOP, Rv.NOP).compressed(0x0001).compressed(0x0001);
      program.imm("csrrs", Rv.A1, 0, Probe.MINSTRET);
      program.imm("csrrwi", 0, 20, Probe.MINSTRET);
      program.imm("csrrs", Rv.A2, 0, Probe.MINSTRET);
      program.imm("csrrwi", 0, 4, Probe.MCOUNTINHIBIT);
      program.add(Rv.NOP, Rv.NOP);
      program.imm("csrrs", Rv.A3, 0, Probe.MINSTRET);
      program.imm("csrrwi", 0, 0, Probe.MCOUNTINHIBIT);
      program.add(Rv.NOP);
      program.imm("csrrs", Rv.A4, 0, Probe.MINSTRET);
      machine.execute(program);
      assertThat(machine.x(Rv.A0)).isZero();
      assertThat(machine.x(Rv.A1)).isEqualTo(5);
      assertThat(machine.x(Rv.A2)).isEqualTo(20);
      assertThat(machine.x(Rv.A3)).isEqualTo(22);
      assertThat(machine.x(Rv.A4)).isEqualTo(23);

      for (int trapping : new int[] {Rv.ECALL, Rv.EBREAK, 0, Rv.imm("ld", 1, 0, 0)}) {
        long before = machine.retired();
        probe.attempt(USER, Rv.NOP);
        probe.attempt(USER, trapping);
        assertThat(probe.outcome()).isNotEqualTo("ok");
        assertThat(machine.retired() - before).as("%08x", trapping).isEqualTo(1);
      }
    }
  }

  /// FS goes to dirty with the first write of a register or of the flags, not with reading them.
  @ParameterizedTest
  @EnumSource
  void dirtyState(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      Machine machine = probe.machine;
      machine.setX(Rv.T0, Probe.DATA);
      record Case(int word, boolean dirties) {}
      List<Case> cases =
          List.of(
              new Case(Rv.op("fadd.d", 1, 2, 3), true),
              new Case(Rv.imm("flw", 1, Rv.T0, 0), true),
              new Case(Rv.op("fmv.d.x", 1, 0), true),
              new Case(Rv.imm("csrrwi", 0, 0, 0x001), true),
              new Case(Rv.imm("fsd", 1, Rv.T0, 0), false),
              new Case(Rv.op("fmv.x.d", 1, 2), false),
              new Case(Rv.op("fclass.d", 1, 2), false),
              new Case(Rv.imm("csrrs", 1, 0, 0x003), false));
      for (Case c : cases) {
        machine.setCsr(Probe.FCSR, 0);
        machine.setCsr(Probe.MSTATUS, 0x2000);
        probe.attempt(MACHINE, c.word);
        long status = machine.csr(Probe.MSTATUS);
        assertThat(status >> 13 & 3).as("%08x", c.word).isEqualTo(c.dirties ? 3 : 1);
        assertThat(status < 0).as("SD").isEqualTo(c.dirties);
      }
    }
  }

  /// Cache-block instructions and who may use them (§3.1.18, §12.1.10).
  @ParameterizedTest
  @EnumSource
  void cacheBlocks(Machine.Kind kind) {
    int rs1 = Rv.T0 << 15;
    int[] words = {0x0000_200f | rs1, 0x0010_200f | rs1, 0x0020_200f | rs1, 0x0040_200f | rs1};
    int[] enables = {3 << 4, 1 << 6, 1 << 6, 1 << 7};
    try (Probe probe = new Probe(kind)) {
      Machine machine = probe.machine;
      for (int i = 0; i < words.length; i++) {
        machine.setX(Rv.T0, Probe.DATA + 75);
        for (int m : new int[] {0, enables[i]}) {
          for (int s : new int[] {0, enables[i]}) {
            machine.setCsr(Probe.MENVCFG, m);
            machine.setCsr(Probe.SENVCFG, s);
            String illegal = "2 %x -> M".formatted(words[i]);
            assertThat(probe.attempt(MACHINE, words[i]).outcome()).isEqualTo("ok");
            assertThat(probe.attempt(SUPERVISOR, words[i]).outcome())
                .isEqualTo(m != 0 ? "ok" : illegal);
            assertThat(probe.attempt(USER, words[i]).outcome())
                .isEqualTo(m != 0 && s != 0 ? "ok" : illegal);
          }
        }
      }
      for (int i = -64; i < 192; i += 8) {
        machine.store(Probe.DATA + i, 8, -1);
      }
      probe.attempt(MACHINE, words[3]);
      for (int i = -64; i < 192; i += 8) {
        assertThat(machine.load(Probe.DATA + i, 8)).isEqualTo(i >= 64 && i < 128 ? 0 : -1);
      }
    }
  }
}
