package brume.hypervisor.instructions;

import static brume.hypervisor.instructions.Probe.DATA;
import static brume.hypervisor.instructions.Probe.MACHINE;
import static brume.hypervisor.instructions.Probe.PMPADDR0;
import static brume.hypervisor.instructions.Probe.PMPCFG0;
import static brume.hypervisor.instructions.Probe.SUPERVISOR;
import static brume.hypervisor.instructions.Probe.USER;
import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.reference.Machine;
import brume.hypervisor.reference.Rv;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Physical memory protection (privileged §3.7): matching, priority, locks, and each kind of
/// access.
class ProtectionTest {
  private static final int R = 1, W = 2, X = 4, TOR = 8, NA4 = 16, NAPOT = 24, LOCK = 128;

  private static final int LOAD = Rv.imm("ld", Rv.A0, Rv.T0, 0);
  private static final int STORE = Rv.imm("sd", Rv.A0, Rv.T0, 0);

  /// Entry `i` gets the bytes and addresses given; the last one opens all that is left.
  private static void protect(Probe probe, long... configAndAddress) {
    probe.restart();
    long config = 0;
    int entries = configAndAddress.length / 2;
    for (int i = 0; i < entries; i++) {
      config |= configAndAddress[2 * i] << (8 * i);
      probe.machine.setCsr(PMPADDR0 + i, configAndAddress[2 * i + 1] >> 2);
    }
    probe.machine.setCsr(PMPADDR0 + entries, -1);
    config |= (long) (NAPOT | R | W | X) << (8 * entries);
    probe.machine.setCsr(PMPCFG0, config);
  }

  private static String access(Probe probe, int privilege, int word, long address) {
    probe.machine.setX(Rv.T0, address);
    return probe.attempt(privilege, word).outcome();
  }

  private static String fetch(Probe probe, int privilege, long address) {
    probe.attempt(privilege, address, Rv.NOP);
    return probe.outcome(address);
  }

  /// Permissions, seen from U and S; M-mode is bound by locked entries only.
  @ParameterizedTest
  @EnumSource
  void permissions(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      for (int lock : new int[] {0, LOCK}) {
        for (int permission : new int[] {0, R, X, R | W, R | X, R | W | X}) {
          for (int privilege : new int[] {USER, SUPERVISOR, MACHINE}) {
            protect(probe, NAPOT | permission | lock, DATA | 0x7fc);
            boolean bound = privilege != MACHINE || lock != 0;
            String name = "lock %d, permission %d, mode %d".formatted(lock, permission, privilege);
            assertThat(access(probe, privilege, LOAD, DATA + 8))
                .as(name)
                .isEqualTo(bound && (permission & R) == 0 ? "5 80008008 -> M" : "ok");
            assertThat(access(probe, privilege, STORE, DATA + 8))
                .as(name)
                .isEqualTo(bound && (permission & W) == 0 ? "7 80008008 -> M" : "ok");
            assertThat(fetch(probe, privilege, DATA + 16))
                .as(name)
                .isEqualTo(bound && (permission & X) == 0 ? "1 80008010 -> M" : "ok");
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void matching(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      // Four bytes.
      protect(probe, NA4, DATA + 4);
      int word = Rv.imm("lw", Rv.A0, Rv.T0, 0);
      assertThat(access(probe, USER, word, DATA)).isEqualTo("ok");
      assertThat(access(probe, USER, word, DATA + 4)).isEqualTo("5 80008004 -> M");
      assertThat(access(probe, USER, word, DATA + 8)).isEqualTo("ok");
      // A range up to an address, from the entry before or from zero.
      protect(probe, 0, DATA + 0x10, TOR, DATA + 0x20);
      assertThat(access(probe, USER, LOAD, DATA + 8)).isEqualTo("ok");
      assertThat(access(probe, USER, LOAD, DATA + 0x10)).isEqualTo("5 80008010 -> M");
      assertThat(access(probe, USER, LOAD, DATA + 0x18)).isEqualTo("5 80008018 -> M");
      assertThat(access(probe, USER, LOAD, DATA + 0x20)).isEqualTo("ok");
      protect(probe, TOR | R | X, DATA);
      assertThat(access(probe, USER, STORE, DATA - 8)).isEqualTo("7 80007ff8 -> M");
      assertThat(access(probe, USER, STORE, DATA)).isEqualTo("ok");
      // An empty range matches nothing.
      protect(probe, 0, DATA + 0x20, TOR, DATA + 0x10);
      assertThat(access(probe, USER, LOAD, DATA + 0x10)).isEqualTo("ok");
      // The first entry that matches decides.
      protect(probe, NAPOT | R, DATA, NAPOT, DATA | 0x3fc);
      assertThat(access(probe, USER, LOAD, DATA)).isEqualTo("ok");
      assertThat(access(probe, USER, LOAD, DATA + 8)).isEqualTo("5 80008008 -> M");
    }
  }

  /// An access of which an entry covers only a part fails, whatever the entry allows.
  @ParameterizedTest
  @EnumSource
  void partialMatch(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      protect(probe, NA4 | R | W | X, DATA + 4);
      assertThat(access(probe, USER, LOAD, DATA)).isEqualTo("5 80008000 -> M");
      assertThat(access(probe, USER, STORE, DATA)).isEqualTo("7 80008000 -> M");
    }
  }

  /// Where nothing matches, M-mode may and the others may not.
  @ParameterizedTest
  @EnumSource
  void nothingMatches(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      probe.restart();
      probe.machine.setCsr(PMPCFG0, 0);
      assertThat(access(probe, MACHINE, LOAD, DATA)).isEqualTo("ok");
      assertThat(fetch(probe, USER, DATA)).isEqualTo("1 80008000 -> M");
      assertThat(fetch(probe, SUPERVISOR, DATA)).isEqualTo("1 80008000 -> M");
    }
  }

  /// A locked entry, and the address below a locked TOR entry, stay as they are.
  @ParameterizedTest
  @EnumSource
  void locks(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      Machine machine = probe.machine;
      protect(probe, NAPOT | R, DATA, TOR | R | LOCK, DATA + 0x100);
      machine.setCsr(PMPCFG0, 0);
      assertThat(machine.csr(PMPCFG0)).isEqualTo((TOR | R | LOCK) << 8);
      machine.setCsr(PMPADDR0, 0);
      machine.setCsr(PMPADDR0 + 1, 0);
      assertThat(machine.csr(PMPADDR0)).isEqualTo(DATA >> 2);
      assertThat(machine.csr(PMPADDR0 + 1)).isEqualTo((DATA + 0x100) >> 2);
      machine.setCsr(PMPADDR0 + 2, 5);
      assertThat(machine.csr(PMPADDR0 + 2)).isEqualTo(5);
    }
  }

  /// Page walks read, and update, entries as S-mode would (§3.7.2).
  @ParameterizedTest
  @EnumSource
  void pageTablesAreProtected(Machine.Kind kind) {
    try (Probe probe = new Probe(kind);
        PagedProbe paged = new PagedProbe(probe, 3)) {
      paged.map(0, DATA, "VRW");
      probe.machine.setCsr(Probe.MENVCFG, 1L << 61);
      probe.machine.setX(Rv.T0, PagedProbe.WINDOW);
      for (int permission : new int[] {0, R}) {
        probe.machine.setCsr(PMPADDR0, PagedProbe.LEAVES >> 2 | 0x1f);
        probe.machine.setCsr(PMPADDR0 + 1, -1);
        probe.machine.setCsr(PMPCFG0, (NAPOT | permission) | (NAPOT | R | W | X) << 8);
        paged.fence();
        assertThat(paged.attempt(SUPERVISOR, LOAD)).isEqualTo("5 40000000 -> M");
        assertThat(paged.attempt(SUPERVISOR, STORE)).isEqualTo("7 40000000 -> M");
        assertThat(paged.flagsOf(0)).isEqualTo("VRW");
      }
      probe.machine.setCsr(PMPCFG0, (NAPOT | R | W) | (NAPOT | R | W | X) << 8);
      paged.fence();
      assertThat(paged.attempt(SUPERVISOR, STORE)).isEqualTo("ok");
      assertThat(paged.flagsOf(0)).isEqualTo("VRWAD");
    }
  }
}
