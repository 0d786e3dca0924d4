package brume.hypervisor.instructions;

import brume.hypervisor.reference.Machine;
import brume.hypervisor.reference.Rv;

/// A [Probe] with page tables: RAM at its own address for S-mode, the page [Probe#CODE] also at
/// [#USER_CODE] for U-mode, and the page table entries of eight pages at [#WINDOW] for a test to
/// choose.
final class PagedProbe implements AutoCloseable {
  static final long TABLES = Machine.BASE + 0x4_0000;
  static final long LEAVES = TABLES + 0x8000;
  static final long WINDOW = 0x4000_0000L;
  static final long USER_CODE = 0x4010_0000L;
  private static final String FLAGS = "VRWXUGAD";

  final Probe probe;
  private final Machine machine;
  private final int levels;

  PagedProbe(Probe probe, int levels) {
    this.probe = probe;
    this.machine = probe.machine;
    this.levels = levels;
    restart();
  }

  void restart() {
    probe.restart();
    long table = TABLES;
    for (int level = levels - 1; level > 2; level--) {
      machine.store(table, 8, entry(table + 0x1000, "V"));
      table += 0x1000;
    }
    machine.store(table + 8, 8, entry(TABLES + 0x7000, "V"));
    machine.store(table + 16, 8, entry(Machine.BASE, "VRWXAD"));
    machine.store(TABLES + 0x7000, 8, entry(LEAVES, "V"));
    machine.store(LEAVES + 8 * 0x100, 8, entry(Probe.CODE, "VRXUA"));
    machine.setCsr(Probe.SATP, (levels + 5L) << 60 | TABLES >>> 12);
  }

  static long entry(long physical, String flags) {
    long entry = physical >>> 12 << 10;
    for (int i = 0; i < flags.length(); i++) {
      entry |= 1L << FLAGS.indexOf(flags.charAt(i));
    }
    return entry;
  }

  static String flags(long entry) {
    StringBuilder flags = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if ((entry >> i & 1) != 0) {
        flags.append(FLAGS.charAt(i));
      }
    }
    return flags.toString();
  }

  void map(int page, long physical, String flags) {
    setEntry(page, entry(physical, flags));
  }

  void setEntry(int page, long entry) {
    setEntryAt(LEAVES + 8 * page, entry);
  }

  void setEntryAt(long address, long entry) {
    machine.store(address, 8, entry);
    fence();
  }

  /// The guest's own `sfence.vma`.
  void fence() {
    probe.attempt(Probe.MACHINE, Probe.CODE + 0xff8, Rv.SFENCE_VMA);
  }

  String flagsOf(int page) {
    return flags(machine.load(LEAVES + 8 * page, 8));
  }

  /// Runs what stands at a virtual address, one attempt.
  String run(int privilege, long at) {
    machine.setPrivilege(privilege);
    machine.setPc(at);
    machine.attempt(1);
    return probe.outcome(at);
  }

  /// One instruction in S or U mode, whose outcome tells of its memory access.
  String attempt(int privilege, int word) {
    machine.write(
        Probe.CODE,
        new byte[] {(byte) word, (byte) (word >> 8), (byte) (word >> 16), (byte) (word >> 24)});
    return run(privilege, privilege == Probe.USER ? USER_CODE : Probe.CODE);
  }

  @Override
  public void close() {}
}
