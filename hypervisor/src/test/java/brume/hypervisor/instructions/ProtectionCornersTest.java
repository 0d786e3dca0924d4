package brume.hypervisor.instructions;

import static brume.hypervisor.instructions.PagedProbe.WINDOW;
import static brume.hypervisor.instructions.Probe.CODE;
import static brume.hypervisor.instructions.Probe.DATA;
import static brume.hypervisor.instructions.Probe.MACHINE;
import static brume.hypervisor.instructions.Probe.MSTATUS;
import static brume.hypervisor.instructions.Probe.PMPADDR0;
import static brume.hypervisor.instructions.Probe.PMPCFG0;
import static brume.hypervisor.instructions.Probe.SUPERVISOR;
import static brume.hypervisor.instructions.Probe.USER;
import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.reference.Machine;
import brume.hypervisor.reference.Rv;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Protection where it is easily done almost right: instructions and data over the edge of a
/// region, ends of the address space, MPRV, and what a translation buffer remembers of a page when
/// `mstatus`, `satp` or a region changes (privileged §3.1.6.3, §3.7, §12.2.1).
class ProtectionCornersTest {
  private static final int R = 1, W = 2, X = 4, TOR = 8, NA4 = 16, NAPOT = 24, LOCK = 128;
  private static final int ALL = R | W | X;
  private static final long MPRV = 1 << 17, SUM = 1 << 18, MXR = 1 << 19;
  private static final int LOAD = Rv.imm("ld", Rv.A0, Rv.T0, 0);
  private static final int STORE = Rv.imm("sd", Rv.A0, Rv.T0, 0);

  /// Entries in order, each a configuration and the value of its address register.
  private static void entries(Probe probe, long... configAndRegister) {
    probe.restart();
    long config = 0;
    for (int i = 0; i < configAndRegister.length / 2; i++) {
      probe.machine.setCsr(PMPADDR0 + i, configAndRegister[2 * i + 1]);
      config |= configAndRegister[2 * i] << (8 * i);
    }
    probe.machine.setCsr(PMPCFG0, config);
  }

  /// Four bytes of code, the first two in one region and the others in the next: each half is
  /// fetched on its own, so both regions must allow it; the fault names the half that is refused
  /// and the program counter stays at the instruction.
  @ParameterizedTest
  @CsvSource({
    "4, 4, ok",
    "7, 4, ok",
    "0, 4, 1 80008002 -> M",
    "3, 4, 1 80008002 -> M",
    "4, 0, 1 80008004 -> M",
    "4, 3, 1 80008004 -> M",
  })
  void codeOverTheEdgeOfRegions(int first, int second, String outcome) {
    for (Machine.Kind kind : Machine.Kind.values()) {
      try (Probe probe = new Probe(kind)) {
        long end = -1;
        entries(probe, NA4 | first, DATA >> 2, NA4 | second, (DATA >> 2) + 1, NAPOT | ALL, end);
        probe.attempt(USER, DATA + 2, Rv.imm("addi", Rv.A0, 0, 42));
        assertThat(probe.outcome(DATA + 2)).as("%s", kind).isEqualTo(outcome);
        assertThat(probe.machine.x(Rv.A0)).isEqualTo(outcome.equals("ok") ? 42 : 0);
        // A compressed one needs the first alone.
        probe.machine.setCsr(Probe.MTVEC, Probe.MACHINE_HANDLER);
        probe.attempt(USER, DATA + 2, 0x0001_0001);
        assertThat(probe.outcome(DATA + 2).equals("ok")).isEqualTo((first & X) != 0);
      }
    }
  }

  /// Code runs up to the last byte that it may, in a page of which the rest is refused.
  @ParameterizedTest
  @EnumSource
  void codeUpToTheEdge(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      entries(probe, TOR | X, (DATA + 16) >> 2);
      probe.machine.store(DATA, 8, 0x0000_0013_0000_0013L);
      probe.machine.store(DATA + 8, 8, 0x0000_0013_0000_0013L);
      probe.attempt(USER, DATA, Rv.NOP);
      probe.machine.attempt(3);
      assertThat(probe.machine.pc()).isEqualTo(DATA + 16);
      probe.machine.attempt(1);
      assertThat(probe.outcome(DATA + 16)).isEqualTo("1 80008010 -> M");
    }
  }

  /// A region over the whole address space and one that ends at its top; without any entry S and U
  /// may do nothing at all.
  @ParameterizedTest
  @EnumSource
  void theWholeAddressSpace(Machine.Kind kind) {
    long top = (1L << 54) - 1;
    try (Probe probe = new Probe(kind)) {
      probe.machine.setX(Rv.T0, DATA);
      entries(probe, NAPOT | R | X, top);
      probe.machine.setX(Rv.T0, DATA);
      assertThat(probe.attempt(USER, LOAD).outcome()).isEqualTo("ok");
      assertThat(probe.attempt(USER, STORE).outcome()).isEqualTo("7 80008000 -> M");
      entries(probe, TOR | R | W | X, top);
      probe.machine.setX(Rv.T0, DATA);
      assertThat(probe.attempt(USER, STORE).outcome()).isEqualTo("ok");
      entries(probe, 0, top, TOR | R | W | X, top);
      probe.machine.setX(Rv.T0, DATA);
      assertThat(probe.attempt(USER, STORE).outcome()).as("empty").isEqualTo("1 80001000 -> M");
      assertThat(probe.attempt(MACHINE, STORE).outcome()).isEqualTo("ok");
    }
  }

  /// MPRV lends the rights of MPP to loads and stores, never to fetches.
  @ParameterizedTest
  @EnumSource
  void modifiedPrivilege(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      for (int mode : new int[] {USER, SUPERVISOR, MACHINE}) {
        entries(probe, NAPOT | R, DATA >> 2 | 0xff, NAPOT | R | W, (1L << 54) - 1);
        probe.machine.setX(Rv.T0, DATA + 8);
        probe.machine.setCsr(MSTATUS, MPRV | (long) mode << 11);
        assertThat(probe.attempt(MACHINE, LOAD).outcome()).isEqualTo("ok");
        probe.machine.setCsr(MSTATUS, MPRV | (long) mode << 11);
        assertThat(probe.attempt(MACHINE, STORE).outcome())
            .as("as mode %d", mode)
            .isEqualTo(mode == MACHINE ? "ok" : "7 80008008 -> M");
      }
      // A locked entry binds M-mode itself.
      entries(probe, NAPOT | R | LOCK, DATA >> 2 | 0xff);
      probe.machine.setX(Rv.T0, DATA + 8);
      assertThat(probe.attempt(MACHINE, STORE).outcome()).isEqualTo("7 80008008 -> M");
      assertThat(probe.attempt(MACHINE, DATA + 16, Rv.NOP).outcome(DATA + 16))
          .isEqualTo("1 80008010 -> M");
    }
  }

  /// A misaligned access that ends behind its region fails as a whole and changes nothing.
  @ParameterizedTest
  @EnumSource
  void dataOverTheEdgeOfARegion(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      entries(probe, TOR | R | W | X, (DATA + 8) >> 2);
      for (int offset = 1; offset < 8; offset++) {
        probe.machine.store(DATA, 8, 0x1111);
        probe.machine.store(DATA + 8, 8, 0x2222);
        probe.machine.setX(Rv.T0, DATA + offset);
        String where = "%x -> M".formatted(DATA + offset);
        assertThat(probe.attempt(USER, LOAD).outcome()).isEqualTo("5 " + where);
        assertThat(probe.attempt(USER, STORE).outcome()).isEqualTo("7 " + where);
        assertThat(probe.machine.load(DATA, 8)).isEqualTo(0x1111);
        assertThat(probe.machine.load(DATA + 8, 8)).isEqualTo(0x2222);
      }
    }
  }

  /// A page that was just used must be asked about again when what decides has changed, without any
  /// fence: these are fields of `mstatus`, and take effect at once.
  @ParameterizedTest
  @EnumSource
  void statusTakesEffectAtOnce(Machine.Kind kind) {
    try (Probe probe = new Probe(kind);
        PagedProbe paged = new PagedProbe(probe, 3)) {
      Machine machine = probe.machine;
      paged.map(0, DATA, "VRWUAD");
      paged.map(1, DATA + 0x1000, "VXAD");
      for (int round = 0; round < 3; round++) {
        machine.setX(Rv.T0, WINDOW);
        machine.setCsr(MSTATUS, SUM);
        assertThat(paged.attempt(SUPERVISOR, LOAD)).isEqualTo("ok");
        assertThat(paged.attempt(SUPERVISOR, STORE)).isEqualTo("ok");
        machine.setCsr(MSTATUS, 0);
        assertThat(paged.attempt(SUPERVISOR, LOAD)).isEqualTo("d 40000000 -> M");
        assertThat(paged.attempt(SUPERVISOR, STORE)).isEqualTo("f 40000000 -> M");
        assertThat(paged.attempt(USER, LOAD)).isEqualTo("ok");
        machine.setX(Rv.T0, WINDOW + 0x1000);
        machine.setCsr(MSTATUS, MXR);
        assertThat(paged.attempt(SUPERVISOR, LOAD)).isEqualTo("ok");
        assertThat(paged.attempt(USER, LOAD)).isEqualTo("d 40001000 -> M");
        machine.setCsr(MSTATUS, 0);
        assertThat(paged.attempt(SUPERVISOR, LOAD)).isEqualTo("d 40001000 -> M");
        machine.setCsr(MSTATUS, MPRV | MXR | (long) SUPERVISOR << 11);
        assertThat(paged.attempt(MACHINE, LOAD)).isEqualTo("ok");
        machine.setCsr(MSTATUS, MPRV | (long) USER << 11);
        assertThat(paged.attempt(MACHINE, LOAD)).isEqualTo("d 40001000 -> M");
      }
    }
  }

  /// So must the page of which a region has been taken away or given back.
  @ParameterizedTest
  @EnumSource
  void regionsTakeEffectAtOnce(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      long page = DATA >> 2 | 0x1ff;
      for (int round = 0; round < 3; round++) {
        entries(probe, NAPOT | ALL, page, NAPOT | ALL, (1L << 54) - 1);
        probe.machine.setX(Rv.T0, DATA);
        assertThat(probe.attempt(USER, STORE).outcome()).isEqualTo("ok");
        assertThat(probe.attempt(USER, DATA + 64, Rv.NOP).outcome(DATA + 64)).isEqualTo("ok");
        probe.machine.setX(Rv.T1, 0x1f << 8 | NAPOT | R);
        probe.attempt(MACHINE, Rv.imm("csrrw", 0, Rv.T1, PMPCFG0));
        assertThat(probe.attempt(USER, LOAD).outcome()).isEqualTo("ok");
        assertThat(probe.attempt(USER, STORE).outcome()).isEqualTo("7 80008000 -> M");
        probe.machine.setPrivilege(USER);
        probe.machine.setPc(DATA + 64);
        probe.machine.attempt(1);
        assertThat(probe.outcome(DATA + 64)).isEqualTo("1 80008040 -> M");
        probe.machine.setX(Rv.T1, (DATA + 0x10_0000) >> 2 | 0x1ff);
        probe.attempt(MACHINE, Rv.imm("csrrw", 0, Rv.T1, PMPADDR0));
        assertThat(probe.attempt(USER, STORE).outcome()).isEqualTo("ok");
      }
      assertThat(probe.machine.pc()).isEqualTo(CODE + 4);
    }
  }

  /// Other page tables, and none, from the next instruction on; no fence is needed when the address
  /// space has another number.
  @ParameterizedTest
  @EnumSource
  void addressSpacesTakeEffectAtOnce(Machine.Kind kind) {
    try (Probe probe = new Probe(kind);
        PagedProbe paged = new PagedProbe(probe, 3)) {
      Machine machine = probe.machine;
      paged.map(0, DATA, "VRWAD");
      long first = machine.csr(Probe.SATP);
      machine.setX(Rv.T0, WINDOW);
      assertThat(paged.attempt(SUPERVISOR, LOAD)).isEqualTo("ok");
      machine.setX(Rv.T1, first | 7L << 44);
      int writeSatp = Rv.imm("csrrw", 0, Rv.T1, Probe.SATP);
      assertThat(probe.attempt(MACHINE, writeSatp).outcome()).isEqualTo("ok");
      machine.store(PagedProbe.LEAVES, 8, PagedProbe.entry(DATA, "VRAD"));
      assertThat(paged.attempt(SUPERVISOR, STORE)).isEqualTo("f 40000000 -> M");
      machine.setX(Rv.T1, 0);
      assertThat(probe.attempt(MACHINE, writeSatp).outcome()).isEqualTo("ok");
      assertThat(paged.attempt(SUPERVISOR, LOAD)).isEqualTo("5 40000000 -> M");
      machine.setX(Rv.T0, DATA);
      assertThat(paged.attempt(SUPERVISOR, STORE)).isEqualTo("ok");
    }
  }
}
