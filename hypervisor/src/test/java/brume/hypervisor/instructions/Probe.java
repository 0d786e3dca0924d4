package brume.hypervisor.instructions;

import brume.hypervisor.reference.Machine;
import brume.hypervisor.reference.Program;

/// A machine set up to run single instructions and to look at the traps they cause: both trap
/// vectors lead to plain `nop`s, M-mode's at [#MACHINE_HANDLER], S-mode's at [#SUPERVISOR_HANDLER].
final class Probe implements AutoCloseable {
  static final long MACHINE_HANDLER = Machine.BASE + 0x100;
  static final long SUPERVISOR_HANDLER = Machine.BASE + 0x200;
  static final long CODE = Machine.BASE + 0x1000;
  static final long DATA = Machine.BASE + 0x8000;

  static final int SSTATUS = 0x100, SIE = 0x104, STVEC = 0x105, SCOUNTEREN = 0x106;
  static final int SEPC = 0x141, SCAUSE = 0x142, STVAL = 0x143, SIP = 0x144, STIMECMP = 0x14d;
  static final int SATP = 0x180, MSTATUS = 0x300, MISA = 0x301, MEDELEG = 0x302, MIDELEG = 0x303;
  static final int MIE = 0x304, MTVEC = 0x305, MCOUNTEREN = 0x306, MENVCFG = 0x30a;
  static final int SENVCFG = 0x10a, MCOUNTINHIBIT = 0x320, MSCRATCH = 0x340, MEPC = 0x341;
  static final int MCAUSE = 0x342, MTVAL = 0x343, MIP = 0x344, PMPCFG0 = 0x3a0, PMPADDR0 = 0x3b0;
  static final int MINSTRET = 0xb02, MCYCLE = 0xb00, FCSR = 0x003;
  static final int USER = 0, SUPERVISOR = 1, MACHINE = 3;
  static final int FLOAT_ON = 0x6000;

  final Machine machine;

  Probe(Machine.Kind kind) {
    machine = kind.machine();
    restart();
  }

  /// Back to M-mode as after reset, all memory open to S and U.
  Probe restart() {
    machine.reset();
    machine.setCsr(MTVEC, MACHINE_HANDLER);
    machine.setCsr(STVEC, SUPERVISOR_HANDLER);
    machine.setCsr(MCAUSE, 99);
    machine.setCsr(SCAUSE, 99);
    machine.setCsr(MSTATUS, FLOAT_ON);
    machine.setCsr(PMPADDR0, -1);
    machine.setCsr(PMPCFG0, 0x1f);
    machine.write(new Program(MACHINE_HANDLER, 64).add(nops()));
    machine.write(new Program(SUPERVISOR_HANDLER, 64).add(nops()));
    return this;
  }

  private static int[] nops() {
    int[] words = new int[16];
    java.util.Arrays.fill(words, 0x13);
    return words;
  }

  /// One attempt of the instruction, in the given mode, at [#CODE].
  Probe attempt(int privilege, int word) {
    return attempt(privilege, CODE, word);
  }

  Probe attempt(int privilege, long at, int word) {
    machine.write(new Program(at, 4).add(word));
    machine.setPrivilege(privilege);
    machine.setPc(at);
    machine.attempt(1);
    return this;
  }

  /// `ok`, or the trap as `cause tval -> mode`, numbers in hexadecimal; the exception program
  /// counter is added where it is not the instruction's own address `at`.
  String outcome(long at) {
    long pc = machine.pc();
    boolean byMachine = near(pc, MACHINE_HANDLER) && machine.privilege() == MACHINE;
    boolean bySupervisor = near(pc, SUPERVISOR_HANDLER) && machine.privilege() == SUPERVISOR;
    if (!byMachine && !bySupervisor) {
      return "ok";
    }
    long cause = machine.csr(byMachine ? MCAUSE : SCAUSE);
    long value = machine.csr(byMachine ? MTVAL : STVAL);
    long from = machine.csr(byMachine ? MEPC : SEPC);
    String trap = "%x %x -> %s".formatted(cause, value, byMachine ? "M" : "S");
    return from == at ? trap : trap + " from %x".formatted(from);
  }

  String outcome() {
    return outcome(CODE);
  }

  private static boolean near(long pc, long handler) {
    return pc >= handler && pc < handler + 64;
  }

  @Override
  public void close() {
    machine.close();
  }
}
