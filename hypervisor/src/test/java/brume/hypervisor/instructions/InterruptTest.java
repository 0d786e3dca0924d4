package brume.hypervisor.instructions;

import static brume.hypervisor.instructions.Probe.CODE;
import static brume.hypervisor.instructions.Probe.MACHINE;
import static brume.hypervisor.instructions.Probe.SUPERVISOR;
import static brume.hypervisor.instructions.Probe.USER;
import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.reference.Machine;
import brume.hypervisor.reference.Program;
import brume.hypervisor.reference.Rv;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Interrupts: which one, when, and to which mode (privileged §3.1.6.1, §3.1.9, §12.1.3, Sstc).
class InterruptTest {
  private static final int SSI = 1, MSI = 3, STI = 5, MTI = 7, SEI = 9, MEI = 11;
  private static final long STCE = 1L << 63;

  private static void raise(Machine machine, long pending) {
    for (int bit : new int[] {MSI, MTI, MEI}) {
      machine.setInterrupt(bit, (pending >> bit & 1) != 0);
    }
    machine.setCsr(Probe.MIP, pending);
  }

  private static String bits(String text) {
    return text == null ? "" : text;
  }

  private static long mask(String names) {
    long mask = 0;
    for (String name : bits(names).split(" ")) {
      mask |=
          switch (name) {
            case "ssi" -> 1 << SSI;
            case "msi" -> 1 << MSI;
            case "sti" -> 1 << STI;
            case "mti" -> 1 << MTI;
            case "sei" -> 1 << SEI;
            case "mei" -> 1 << MEI;
            default -> 0;
          };
    }
    return mask;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          mode | enables | pending                 | enabled in mie          | delegated   | taken
          M    | mie     | mti                     | mti                     |             | 7 -> M
          M    |         | mti                     | mti                     |             | none
          M    | mie     | mti                     | msi mei                 |             | none
          S    |         | mti                     | mti                     |             | 7 -> M
          U    |         | mti                     | mti                     |             | 7 -> M
          # order: external, software, timer; M before S
          M    | mie     | mei msi mti sei ssi sti | mei msi mti sei ssi sti |             | 11 -> M
          M    | mie     | msi mti sei ssi sti     | mei msi mti sei ssi sti |             | 3 -> M
          M    | mie     | mti sei ssi sti         | mei msi mti sei ssi sti |             | 7 -> M
          M    | mie     | sei ssi sti             | mei msi mti sei ssi sti |             | 9 -> M
          M    | mie     | ssi sti                 | mei msi mti sei ssi sti |             | 1 -> M
          M    | mie     | sti                     | mei msi mti sei ssi sti |             | 5 -> M
          # delegated: never while in M, in S with SIE, in U always
          M    | mie sie | sei                     | sei                     | sei         | none
          S    | sie     | sei                     | sei                     | sei         | 9 -> S
          S    | mie     | sei                     | sei                     | sei         | none
          U    |         | sei                     | sei                     | sei         | 9 -> S
          S    | sie     | sei ssi sti             | sei ssi sti             | sei ssi sti | 9 -> S
          S    | sie     | ssi sti                 | sei ssi sti             | sei ssi sti | 1 -> S
          S    | sie     | sti                     | sei ssi sti             | sei ssi sti | 5 -> S
          # what goes to M goes first, whatever its number
          S    | sie     | sei sti                 | sei sti                 | sei         | 5 -> M
          U    |         | mti sei                 | mti sei                 | sei         | 7 -> M
          S    | sie     | sti ssi                 | ssi                     | ssi sti     | 1 -> S
          """)
  void which(
      String mode, String enables, String pending, String enabled, String delegated, String taken) {
    int privilege = mode.equals("M") ? MACHINE : mode.equals("S") ? SUPERVISOR : USER;
    for (Machine.Kind kind : Machine.Kind.values()) {
      try (Probe probe = new Probe(kind)) {
        Machine machine = probe.machine;
        long status =
            (bits(enables).contains("mie") ? 8 : 0) | (bits(enables).contains("sie") ? 2 : 0);
        machine.setCsr(Probe.MIDELEG, mask(delegated));
        machine.setCsr(Probe.MIE, mask(enabled));
        machine.setCsr(Probe.MSTATUS, status);
        raise(machine, mask(pending));
        assertThat(machine.csr(Probe.MIP)).isEqualTo(mask(pending));
        probe.attempt(privilege, Rv.NOP);
        String outcome = "none";
        if (!probe.outcome().equals("ok")) {
          boolean byMachine = machine.privilege() == MACHINE;
          long cause = machine.csr(byMachine ? Probe.MCAUSE : Probe.SCAUSE);
          assertThat(cause).isNegative();
          assertThat(machine.csr(byMachine ? Probe.MEPC : Probe.SEPC)).isEqualTo(CODE);
          outcome = (cause & 63) + " -> " + (byMachine ? "M" : "S");
        }
        assertThat(outcome).as("%s", kind).isEqualTo(taken);
      }
    }
  }

  /// Vectored: base plus four times the cause, for interrupts only.
  @ParameterizedTest
  @EnumSource
  void vectored(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      Machine machine = probe.machine;
      machine.setCsr(Probe.MTVEC, Probe.MACHINE_HANDLER | 1);
      machine.setCsr(Probe.STVEC, Probe.SUPERVISOR_HANDLER | 1);
      machine.setCsr(Probe.MIE, 1 << MTI | 1 << SEI);
      machine.setCsr(Probe.MIDELEG, 1 << SEI);
      machine.setCsr(Probe.MIP, 1 << SEI);
      probe.attempt(USER, Rv.NOP);
      assertThat(machine.pc()).isEqualTo(Probe.SUPERVISOR_HANDLER + 4 * SEI + 4);
      machine.setInterrupt(MTI, true);
      probe.attempt(USER, Rv.NOP);
      assertThat(machine.pc()).isEqualTo(Probe.MACHINE_HANDLER + 4 * MTI + 4);
      machine.setCsr(Probe.MIE, 0);
      probe.attempt(USER, Rv.EBREAK);
      assertThat(machine.pc()).isEqualTo(Probe.MACHINE_HANDLER);
    }
  }

  /// An explicit write that makes one due is followed by nothing but the trap (§3.1.9).
  @ParameterizedTest
  @EnumSource
  void dueAtOnceAfterAWrite(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      Machine machine = probe.machine;
      record Case(int prepared, long value, int written, int immediate) {}
      Case[] cases = {
        new Case(Probe.MIE, 1 << SSI, Probe.MSTATUS, 8),
        new Case(Probe.MSTATUS, 8, Probe.MIE, 1 << SSI)
      };
      for (Case c : cases) {
        probe.restart();
        machine.setCsr(Probe.MSTATUS, 0);
        machine.setCsr(Probe.MIE, 0);
        machine.setCsr(Probe.MIP, 1 << SSI);
        machine.setCsr(c.prepared, c.value);
        Program program = new Program(CODE);
        program.imm("csrrsi", 0, c.immediate, c.written);
        program.imm("addi", Rv.A0, 0, 1);
        machine.write(program);
        machine.setX(Rv.A0, 0);
        machine.setPrivilege(MACHINE);
        machine.setPc(CODE);
        machine.attempt(2);
        assertThat(machine.x(Rv.A0)).isZero();
        assertThat(machine.csr(Probe.MEPC)).isEqualTo(CODE + 4);
      }
      // And `mret`, which enables them by going to U-mode.
      probe.restart();
      machine.setCsr(Probe.MSTATUS, 0);
      machine.setCsr(Probe.MIE, 1 << SSI);
      machine.setCsr(Probe.MIP, 1 << SSI);
      machine.setCsr(Probe.MEPC, CODE + 0x100);
      probe.attempt(MACHINE, Rv.MRET);
      machine.attempt(1);
      assertThat(machine.csr(Probe.MEPC)).isEqualTo(CODE + 0x100);
      assertThat(machine.csr(Probe.MCAUSE)).isEqualTo(Long.MIN_VALUE | SSI);
      assertThat(machine.csr(Probe.MSTATUS) >> 11 & 3).isEqualTo(USER);
    }
  }

  /// Sstc: `stimecmp` against `time`, only when menvcfg.STCE is set.
  @ParameterizedTest
  @EnumSource
  void supervisorTimer(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      Machine machine = probe.machine;
      machine.setCsr(Probe.MIDELEG, 1 << STI);
      machine.setCsr(Probe.MIE, 1 << STI);
      machine.setCsr(Probe.STIMECMP, 1000);
      for (long stce : new long[] {0, STCE}) {
        machine.setCsr(Probe.MENVCFG, stce);
        for (long time : new long[] {0, 999, 1000, 5000}) {
          machine.setTime(time);
          boolean due = stce != 0 && time >= 1000;
          assertThat(machine.csr(Probe.MIP)).isEqualTo(due ? 1 << STI : 0);
          probe.attempt(USER, Rv.NOP);
          assertThat(machine.privilege()).as("time %d", time).isEqualTo(due ? SUPERVISOR : USER);
        }
        machine.setTime(0);
      }
      // Unsigned, and gone when stimecmp moves on.
      machine.setTime(-1);
      machine.setCsr(Probe.STIMECMP, Long.MIN_VALUE);
      assertThat(machine.csr(Probe.MIP)).isEqualTo(1 << STI);
      machine.setTime(5);
      assertThat(machine.csr(Probe.MIP)).isZero();
      machine.setCsr(Probe.STIMECMP, 5);
      assertThat(machine.csr(Probe.MIP)).isEqualTo(1 << STI);
      machine.setCsr(Probe.STIMECMP, 6);
      assertThat(machine.csr(Probe.MIP)).isZero();
    }
  }

  /// What is read and written through `mip`, `sip`, `mie` and `sie`.
  @ParameterizedTest
  @EnumSource
  void registers(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      Machine machine = probe.machine;
      machine.setCsr(Probe.MIP, -1);
      assertThat(machine.csr(Probe.MIP)).isEqualTo(1 << SSI | 1 << STI | 1 << SEI);
      machine.setCsr(Probe.MIE, -1);
      assertThat(machine.csr(Probe.MIE)).isEqualTo(0xaaa);
      machine.setCsr(Probe.MIDELEG, -1);
      assertThat(machine.csr(Probe.MIDELEG)).isEqualTo(0x222);
      assertThat(machine.csr(Probe.SIP)).isEqualTo(0x222);
      assertThat(machine.csr(Probe.SIE)).isEqualTo(0x222);
      // sip: only SSIP is S-mode's to write, and only where delegated.
      machine.setCsr(Probe.SIP, 0);
      assertThat(machine.csr(Probe.MIP)).isEqualTo(1 << STI | 1 << SEI);
      machine.setCsr(Probe.SIE, 0);
      assertThat(machine.csr(Probe.MIE)).isEqualTo(0x888);
      machine.setCsr(Probe.MIDELEG, 0);
      machine.setCsr(Probe.SIE, -1);
      machine.setCsr(Probe.SIP, -1);
      assertThat(machine.csr(Probe.MIE)).isEqualTo(0x888);
      assertThat(machine.csr(Probe.MIP)).isEqualTo(1 << STI | 1 << SEI);
      // The external line and the software bit of SEIP are apart; csrrc clears the latter.
      machine.setInterrupt(SEI, true);
      machine.setCsr(Probe.MIP, 0);
      assertThat(machine.csr(Probe.MIP)).isEqualTo(1 << SEI);
      machine.setX(Rv.T0, 1 << SSI);
      probe.attempt(MACHINE, Rv.imm("csrrs", Rv.A0, Rv.T0, Probe.MIP));
      machine.setInterrupt(SEI, false);
      assertThat(machine.csr(Probe.MIP)).isEqualTo(1 << SSI);
    }
  }
}
