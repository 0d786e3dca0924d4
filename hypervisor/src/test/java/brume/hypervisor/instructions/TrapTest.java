package brume.hypervisor.instructions;

import static brume.hypervisor.instructions.Probe.CODE;
import static brume.hypervisor.instructions.Probe.MACHINE;
import static brume.hypervisor.instructions.Probe.SUPERVISOR;
import static brume.hypervisor.instructions.Probe.USER;
import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.reference.Machine;
import brume.hypervisor.reference.Rv;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Synchronous exceptions: cause, `xtval`, `xepc`, the mode that takes them, and the stack of modes
/// and interrupt enables (privileged §3.1.6, §3.1.8, §3.1.14 to §3.1.16, §3.3).
class TrapTest {
  private static final long NOWHERE = 0x1234_5678L;

  private record Row(String what, int privilege, int word, String outcome) {}

  private static int load(String name, int register) {
    return Rv.imm(name, Rv.A0, register, 0);
  }

  /// `t0` points to data, `t1` one byte further, `t2` to nowhere.
  private static final List<Row> ROWS =
      List.of(
          new Row("ecall from U", USER, Rv.ECALL, "8 0 -> M"),
          new Row("ecall from S", SUPERVISOR, Rv.ECALL, "9 0 -> M"),
          new Row("ecall from M", MACHINE, Rv.ECALL, "b 0 -> M"),
          new Row("ebreak", USER, Rv.EBREAK, "3 80001000 -> M"),
          new Row("all zero", USER, 0, "2 0 -> M"),
          new Row("all ones", MACHINE, -1, "2 ffffffff -> M"),
          new Row("unassigned funct7", USER, 0xfe00_0033, "2 fe000033 -> M"),
          new Row("mret in S", SUPERVISOR, Rv.MRET, "2 30200073 -> M"),
          new Row("sret in U", USER, Rv.SRET, "2 10200073 -> M"),
          new Row("sfence.vma in U", USER, Rv.SFENCE_VMA, "2 12000073 -> M"),
          new Row("load of nothing", USER, load("ld", Rv.T2), "5 12345678 -> M"),
          new Row("store to nothing", USER, Rv.imm("sb", 0, Rv.T2, 1), "7 12345679 -> M"),
          new Row("amo on nothing", USER, Rv.op("amoadd.w", 1, Rv.T2, 0), "7 12345678 -> M"),
          new Row("lr of nothing", USER, Rv.op("lr.w", 1, Rv.T2), "5 12345678 -> M"),
          new Row("misaligned load", USER, load("ld", Rv.T1), "ok"),
          new Row("misaligned store", USER, Rv.imm("sw", 0, Rv.T1, 0), "ok"),
          new Row("misaligned lr", USER, Rv.op("lr.w", 1, Rv.T1), "4 80008001 -> M"),
          new Row("misaligned sc", USER, Rv.op("sc.w", 1, Rv.T1, 0), "6 80008001 -> M"),
          new Row("misaligned amo", USER, Rv.op("amoor.d", 1, Rv.T1, 0), "6 80008001 -> M"),
          new Row("float load off", USER, load("flw", Rv.T2), "5 12345678 -> M"),
          new Row("jump to nothing", USER, Rv.imm("jalr", 1, Rv.T2, 0), "ok"));

  private static Probe prepare(Probe probe) {
    probe.restart();
    probe.machine.setX(Rv.T0, Probe.DATA);
    probe.machine.setX(Rv.T1, Probe.DATA + 1);
    probe.machine.setX(Rv.T2, NOWHERE);
    return probe;
  }

  @ParameterizedTest
  @EnumSource
  void causesAndValues(Machine.Kind kind) {
    List<String> wrong = new ArrayList<>();
    try (Probe probe = new Probe(kind)) {
      for (Row row : ROWS) {
        String outcome = prepare(probe).attempt(row.privilege, row.word).outcome();
        if (!outcome.equals(row.outcome)) {
          wrong.add(row + " but " + outcome);
        }
        long retired = row.outcome.equals("ok") ? CODE + 4 : Probe.MACHINE_HANDLER;
        if (row.outcome.equals("ok") && !row.what.startsWith("jump")) {
          assertThat(probe.machine.pc()).as(row.what).isEqualTo(retired);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /// A trap leaves the registers of the instruction alone.
  @ParameterizedTest
  @EnumSource
  void nothingChangesBeforeATrap(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      for (String name : List.of("ld", "lr.d", "amoswap.d", "fld")) {
        prepare(probe).machine.setX(Rv.A0, 77);
        probe.machine.setF(Rv.A0, 78);
        int word = Rv.format(name) == 'A' ? Rv.op(name, Rv.A0, Rv.T2, 0) : load(name, Rv.T2);
        probe.attempt(MACHINE, word);
        assertThat(probe.outcome()).as(name).endsWith("12345678 -> M");
        assertThat(probe.machine.x(Rv.A0)).as(name).isEqualTo(77);
        assertThat(probe.machine.f(Rv.A0)).as(name).isEqualTo(78);
      }
    }
  }

  /// A jump retires; the fetch at its target is what faults, with `epc` there.
  @ParameterizedTest
  @EnumSource
  void jumpingIntoNowhere(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      prepare(probe).attempt(USER, Rv.imm("jalr", Rv.RA, Rv.T2, 1));
      assertThat(probe.machine.x(Rv.RA)).isEqualTo(CODE + 4);
      assertThat(probe.machine.pc()).isEqualTo(NOWHERE);
      probe.machine.attempt(1);
      assertThat(probe.outcome(NOWHERE)).isEqualTo("1 12345678 -> M");
    }
  }

  /// Delegated to S: from U and S, never from M.
  @ParameterizedTest
  @EnumSource
  void delegation(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      for (int privilege : new int[] {USER, SUPERVISOR, MACHINE}) {
        prepare(probe).machine.setCsr(Probe.MEDELEG, 1 << 2 | 1 << 3 | 1 << 5);
        probe.attempt(privilege, load("lw", Rv.T2));
        String to = privilege == MACHINE ? "M" : "S";
        assertThat(probe.outcome()).isEqualTo("5 12345678 -> " + to);
        prepare(probe).machine.setCsr(Probe.MEDELEG, 1 << 2 | 1 << 3 | 1 << 5);
        probe.attempt(privilege, Rv.imm("sw", 0, Rv.T2, 0));
        assertThat(probe.outcome()).isEqualTo("7 12345678 -> M");
      }
    }
  }

  /// `mstatus` around a trap to M: MPIE takes MIE, MPP the mode; `mret` gives them back.
  @ParameterizedTest
  @EnumSource
  void machineStack(Machine.Kind kind) {
    int mie = 1 << 3;
    int mpie = 1 << 7;
    int mpp = 3 << 11;
    try (Probe probe = new Probe(kind)) {
      Machine machine = probe.machine;
      for (int from : new int[] {USER, SUPERVISOR, MACHINE}) {
        for (int enabled : new int[] {0, mie}) {
          probe.restart();
          machine.setCsr(Probe.MSTATUS, enabled);
          probe.attempt(from, Rv.EBREAK);
          assertThat(machine.csr(Probe.MSTATUS) & (mie | mpie | mpp))
              .isEqualTo((enabled << 4) | from << 11);
          machine.setCsr(Probe.MEPC, CODE + 8);
          probe.attempt(MACHINE, CODE + 64, Rv.MRET);
          assertThat(machine.pc()).isEqualTo(CODE + 8);
          assertThat(machine.privilege()).isEqualTo(from);
          assertThat(machine.csr(Probe.MSTATUS) & (mie | mpie | mpp)).isEqualTo(enabled | mpie);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void supervisorStack(Machine.Kind kind) {
    int sie = 1 << 1;
    int spie = 1 << 5;
    int spp = 1 << 8;
    try (Probe probe = new Probe(kind)) {
      Machine machine = probe.machine;
      for (int from : new int[] {USER, SUPERVISOR}) {
        for (int enabled : new int[] {0, sie}) {
          probe.restart();
          machine.setCsr(Probe.MEDELEG, 1 << 3);
          machine.setCsr(Probe.MSTATUS, enabled);
          probe.attempt(from, Rv.EBREAK);
          assertThat(probe.outcome()).isEqualTo("3 80001000 -> S");
          assertThat(machine.csr(Probe.MSTATUS) & (sie | spie | spp))
              .isEqualTo((enabled << 4) | from << 8);
          machine.setCsr(Probe.SEPC, CODE + 12);
          probe.attempt(SUPERVISOR, CODE + 64, Rv.SRET);
          assertThat(machine.pc()).isEqualTo(CODE + 12);
          assertThat(machine.privilege()).isEqualTo(from);
          assertThat(machine.csr(Probe.MSTATUS) & (sie | spie | spp)).isEqualTo(enabled | spie);
        }
      }
    }
  }

  /// Returning to less than M clears MPRV; a trap leaves it alone.
  @ParameterizedTest
  @EnumSource
  void modifiedPrivilege(Machine.Kind kind) {
    long mprv = 1 << 17;
    try (Probe probe = new Probe(kind)) {
      for (int to : new int[] {USER, SUPERVISOR, MACHINE}) {
        probe.restart().machine.setCsr(Probe.MSTATUS, mprv | (long) to << 11);
        probe.machine.setCsr(Probe.MEPC, CODE);
        probe.attempt(MACHINE, Rv.MRET);
        assertThat(probe.machine.csr(Probe.MSTATUS) & mprv).isEqualTo(to == MACHINE ? mprv : 0);
      }
      probe.restart().machine.setCsr(Probe.MSTATUS, mprv);
      probe.machine.setCsr(Probe.SEPC, CODE);
      probe.attempt(MACHINE, Rv.SRET);
      assertThat(probe.machine.csr(Probe.MSTATUS) & mprv).isZero();
    }
  }

  /// TSR, TVM and TW make S-mode's own instructions illegal (§3.1.6.5).
  @ParameterizedTest
  @EnumSource
  void trappingSupervisorInstructions(Machine.Kind kind) {
    int readSatp = Rv.imm("csrrs", 1, 0, Probe.SATP);
    int sinval = 0x1600_0073;
    long tvm = 1 << 20;
    long tw = 1 << 21;
    long tsr = 1 << 22;
    try (Probe probe = new Probe(kind)) {
      for (int word : new int[] {Rv.SRET, Rv.WFI, Rv.SFENCE_VMA, sinval, readSatp}) {
        long trapping = word == Rv.SRET ? tsr : word == Rv.WFI ? tw : tvm;
        for (long status : new long[] {0, tvm, tw, tsr}) {
          probe.restart().machine.setCsr(Probe.MSTATUS, status);
          probe.machine.setCsr(Probe.SEPC, CODE + 4);
          boolean traps = status == trapping;
          probe.attempt(SUPERVISOR, word);
          assertThat(probe.outcome())
              .as("%08x with mstatus %x", word, status)
              .isEqualTo(traps ? "2 %x -> M".formatted(word) : "ok");
          probe.restart().machine.setCsr(Probe.MSTATUS, status | 0x1800);
          probe.machine.setCsr(Probe.SEPC, CODE + 4);
          assertThat(probe.attempt(MACHINE, word).outcome()).as("in M").isEqualTo("ok");
        }
      }
    }
  }

  /// Every instruction of F and D, also loads, stores and compressed ones, while FS is off; and
  /// with a rounding mode that is none.
  @ParameterizedTest
  @EnumSource
  void floatingPointOff(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      prepare(probe);
      for (String name : Rv.names()) {
        boolean memory = name.matches("f[ls][wd]");
        if (!memory && !name.startsWith("f")) {
          continue;
        }
        int word = memory ? Rv.imm(name, 1, Rv.T0, 0) : Rv.op(name, 1, Rv.T0, Rv.T0, 0);
        probe.machine.setCsr(Probe.MSTATUS, 0);
        assertThat(probe.attempt(MACHINE, word).outcome())
            .as(name)
            .isEqualTo("2 %x -> M".formatted(word));
        probe.machine.setCsr(Probe.MSTATUS, 0x2000);
        assertThat(probe.attempt(MACHINE, word).outcome()).as(name).isEqualTo("ok");
        if ("F14".indexOf(Rv.format(name)) >= 0) {
          probe.machine.setCsr(Probe.FCSR, 5 << 5);
          assertThat(probe.attempt(MACHINE, word).outcome()).as(name + ", frm 5").startsWith("2 ");
          probe.machine.setCsr(Probe.FCSR, 0);
          for (int mode : new int[] {5, 6}) {
            int fixed = (word & ~0x7000) | mode << 12;
            assertThat(probe.attempt(MACHINE, fixed).outcome()).as(name).startsWith("2 ");
          }
        }
      }
    }
  }
}
