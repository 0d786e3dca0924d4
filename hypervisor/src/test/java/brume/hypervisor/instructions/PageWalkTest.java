package brume.hypervisor.instructions;

import static brume.hypervisor.instructions.PagedProbe.LEAVES;
import static brume.hypervisor.instructions.PagedProbe.TABLES;
import static brume.hypervisor.instructions.PagedProbe.WINDOW;
import static brume.hypervisor.instructions.Probe.SUPERVISOR;
import static brume.hypervisor.instructions.Probe.USER;
import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.reference.Machine;
import brume.hypervisor.reference.Program;
import brume.hypervisor.reference.Rv;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Page table entries: privileged §12.3.2 (the algorithm), §12.4 to §12.6, Svnapot and Svadu.
class PageWalkTest {
  private static final long SUM = 1 << 18;
  private static final long MXR = 1 << 19;
  private static final long ADUE = 1L << 61;
  private static final int[] ACCESS = {
    Rv.imm("ld", Rv.A0, Rv.T0, 0), Rv.imm("sd", Rv.A1, Rv.T0, 0), Rv.op("amoswap.d", 1, Rv.T0, 0)
  };

  private static String access(PagedProbe paged, String kind, int privilege, long address) {
    paged.probe.machine.setX(Rv.T0, address);
    return switch (kind) {
      case "load" -> paged.attempt(privilege, ACCESS[0]);
      case "store" -> paged.attempt(privilege, ACCESS[1]);
      case "amo" -> paged.attempt(privilege, ACCESS[2]);
      default -> paged.run(privilege, address);
    };
  }

  /// `hw`: the hardware sets A and D; without it a clear bit is a page fault.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      useHeadersInDisplayName = true,
      textBlock =
          """
          mode | status  | entry   | access | outcome | entry after
          U    |         | VRWXUAD | load   | ok      | VRWXUAD
          U    |         | VRWXUAD | store  | ok      | VRWXUAD
          U    |         | VRWXUAD | amo    | ok      | VRWXUAD
          U    |         | VRWXUAD | fetch  | ok      | VRWXUAD
          S    |         | VRWXAD  | load   | ok      | VRWXAD
          S    |         | VRWXAD  | store  | ok      | VRWXAD
          S    |         | VRWXAD  | fetch  | ok      | VRWXAD
          # not valid, or a reserved combination
          S    |         | RWXAD   | load   | page    | RWXAD
          S    |         | VWAD    | load   | page    | VWAD
          S    |         | VWXAD   | fetch  | page    | VWXAD
          # a pointer at the last level
          S    |         | V       | load   | page    | V
          # permissions
          S    |         | VRAD    | load   | ok      | VRAD
          S    |         | VRAD    | store  | page    | VRAD
          S    |         | VRAD    | amo    | page    | VRAD
          S    |         | VRAD    | fetch  | page    | VRAD
          S    |         | VXAD    | fetch  | ok      | VXAD
          S    |         | VXAD    | load   | page    | VXAD
          S    | mxr     | VXAD    | load   | ok      | VXAD
          S    | mxr     | VXAD    | store  | page    | VXAD
          S    | mxr     | VXAD    | amo    | page    | VXAD
          U    | mxr     | VXUAD   | load   | ok      | VXUAD
          # U pages and S-mode
          U    |         | VRWXAD  | load   | page    | VRWXAD
          U    |         | VRWXAD  | fetch  | page    | VRWXAD
          S    |         | VRWXUAD | load   | page    | VRWXUAD
          S    |         | VRWXUAD | store  | page    | VRWXUAD
          S    | sum     | VRWXUAD | load   | ok      | VRWXUAD
          S    | sum     | VRWXUAD | store  | ok      | VRWXUAD
          S    | sum     | VRWXUAD | fetch  | page    | VRWXUAD
          S    | sum     | VXUAD   | load   | page    | VXUAD
          S    | sum mxr | VXUAD   | load   | ok      | VXUAD
          U    | sum     | VRWXAD  | load   | page    | VRWXAD
          # accessed and dirty, by software
          S    |         | VRWX    | load   | page    | VRWX
          S    |         | VRWX    | fetch  | page    | VRWX
          S    |         | VRWXA   | load   | ok      | VRWXA
          S    |         | VRWXA   | store  | page    | VRWXA
          S    |         | VRWXA   | amo    | page    | VRWXA
          S    |         | VRWXD   | store  | page    | VRWXD
          # and by the hardware, which does it only for an access that may go on
          S    | hw      | VRWX    | load   | ok      | VRWXA
          S    | hw      | VRWX    | fetch  | ok      | VRWXA
          S    | hw      | VRWX    | store  | ok      | VRWXAD
          S    | hw      | VRWX    | amo    | ok      | VRWXAD
          S    | hw      | VRWXA   | load   | ok      | VRWXA
          S    | hw      | VRWXA   | store  | ok      | VRWXAD
          S    | hw      | VR      | store  | page    | VR
          U    | hw      | VRWX    | load   | page    | VRWX
          S    | hw      | VRWXU   | load   | page    | VRWXU
          S    | hw      | VRX     | fetch  | ok      | VRXA
          # global changes nothing
          S    |         | VRWXGAD | load   | ok      | VRWXGAD
          """)
  void permissions(
      String mode, String status, String entry, String access, String outcome, String after) {
    String expected =
        outcome.equals("ok")
            ? "ok"
            : "%s 40000000 -> M"
                .formatted(access.equals("fetch") ? "c" : access.equals("load") ? "d" : "f");
    for (Machine.Kind kind : Machine.Kind.values()) {
      for (int levels = 3; levels <= 5; levels++) {
        try (Probe probe = new Probe(kind);
            PagedProbe paged = new PagedProbe(probe, levels)) {
          String words = status == null ? "" : status;
          long mstatus = (words.contains("sum") ? SUM : 0) | (words.contains("mxr") ? MXR : 0);
          probe.machine.setCsr(Probe.MSTATUS, mstatus);
          probe.machine.setCsr(Probe.MENVCFG, words.contains("hw") ? ADUE : 0);
          probe.machine.write(new Program(Probe.DATA).add(Rv.NOP));
          paged.map(0, Probe.DATA, entry);
          int privilege = mode.equals("U") ? USER : SUPERVISOR;
          String name = "%s on Sv%d".formatted(kind, 12 + 9 * levels);
          // Twice: the second time with whatever the first one left in buffers.
          for (int i = 0; i < 2; i++) {
            assertThat(access(paged, access, privilege, WINDOW)).as(name).isEqualTo(expected);
            assertThat(paged.flagsOf(0)).as(name).isEqualTo(after);
          }
        }
      }
    }
  }

  /// A page that was only read must still get D with its first store.
  @ParameterizedTest
  @EnumSource
  void dirtyOnFirstStoreAfterLoads(Machine.Kind kind) {
    try (Probe probe = new Probe(kind);
        PagedProbe paged = new PagedProbe(probe, 3)) {
      probe.machine.setCsr(Probe.MENVCFG, ADUE);
      paged.map(0, Probe.DATA, "VRW");
      for (int i = 0; i < 3; i++) {
        access(paged, "load", SUPERVISOR, WINDOW + 8 * i);
        assertThat(paged.flagsOf(0)).isEqualTo("VRWA");
      }
      access(paged, "store", SUPERVISOR, WINDOW);
      assertThat(paged.flagsOf(0)).isEqualTo("VRWAD");
      // Software clears it and fences: it must be set anew.
      paged.map(0, Probe.DATA, "VRWA");
      access(paged, "store", SUPERVISOR, WINDOW + 16);
      assertThat(paged.flagsOf(0)).isEqualTo("VRWAD");
    }
  }

  /// Reserved bits of leaves, and of pointers to tables, which have no A, D or U either.
  @ParameterizedTest
  @EnumSource
  void reservedBits(Machine.Kind kind) {
    List<String> wrong = new ArrayList<>();
    try (Probe probe = new Probe(kind);
        PagedProbe paged = new PagedProbe(probe, 3)) {
      long leaf = PagedProbe.entry(Probe.DATA, "VRWAD");
      long pointer = PagedProbe.entry(LEAVES, "V");
      for (int bit = 54; bit < 63; bit++) {
        paged.setEntry(0, leaf | 1L << bit);
        check(wrong, paged, "leaf bit " + bit, "d 40000000 -> M");
      }
      paged.setEntry(0, leaf | 3 << 8);
      check(wrong, paged, "leaf bits for software", "ok");
      paged.setEntry(0, leaf);
      for (int bit = 54; bit < 64; bit++) {
        paged.setEntryAt(TABLES + 0x7000, pointer | 1L << bit);
        check(wrong, paged, "pointer bit " + bit, "d 40000000 -> M");
      }
      for (String flags : List.of("VU", "VA", "VD")) {
        paged.setEntryAt(TABLES + 0x7000, PagedProbe.entry(LEAVES, flags));
        check(wrong, paged, "pointer " + flags, "d 40000000 -> M");
      }
      paged.setEntryAt(TABLES + 0x7000, pointer | 1 << 5 | 3 << 8);
      check(wrong, paged, "global pointer", "ok");
      paged.setEntryAt(TABLES + 0x7000, PagedProbe.entry(0x1000, "V"));
      check(wrong, paged, "table outside RAM", "5 40000000 -> M");
      paged.setEntryAt(TABLES + 0x7000, pointer);
      paged.setEntry(0, PagedProbe.entry(0x1000, "VRWAD"));
      check(wrong, paged, "page outside RAM", "5 40000000 -> M");
    }
    assertThat(wrong).isEmpty();
  }

  private static void check(List<String> wrong, PagedProbe paged, String what, String expected) {
    String outcome = access(paged, "load", SUPERVISOR, WINDOW);
    if (!outcome.equals(expected)) {
      wrong.add(what + ": " + outcome);
    }
  }

  /// A leaf at each level of each scheme covers its whole range; misaligned, it is a page fault.
  @ParameterizedTest
  @EnumSource
  void leavesAtEveryLevel(Machine.Kind kind) {
    for (int levels = 3; levels <= 5; levels++) {
      for (int leafLevel = 0; leafLevel < levels; leafLevel++) {
        try (Probe probe = new Probe(kind);
            PagedProbe paged = new PagedProbe(probe, levels)) {
          // Slot 7 of the root, then slot 0 of tables of their own down to the leaf.
          long place = TABLES + 7 * 8;
          long table = Probe.DATA + 0x1_0000;
          for (int level = levels - 1; level > leafLevel; level--) {
            paged.setEntryAt(place, PagedProbe.entry(table, "V"));
            place = table;
            table += 0x1000;
          }
          long size = 1L << (12 + 9 * leafLevel);
          long physical = Machine.BASE & -size;
          long virtual = 7L << (12 + 9 * (levels - 1));
          long offset = (Probe.DATA - physical) & (size - 1);
          boolean reachesRam = physical + offset == Probe.DATA;
          paged.setEntryAt(place, PagedProbe.entry(reachesRam ? physical : Probe.DATA, "VRWAD"));
          probe.machine.store(Probe.DATA, 8, 0x1122_3344_5566_7788L);
          String name = "Sv%d level %d".formatted(12 + 9 * levels, leafLevel);
          if (leafLevel == 0) {
            paged.setEntryAt(place, PagedProbe.entry(Probe.DATA, "VRWAD"));
            offset = 0;
          }
          assertThat(access(paged, "load", SUPERVISOR, virtual + offset)).as(name).isEqualTo("ok");
          assertThat(probe.machine.x(Rv.A0)).as(name).isEqualTo(0x1122_3344_5566_7788L);
          if (leafLevel > 0) {
            paged.setEntryAt(place, PagedProbe.entry(physical + 0x1000, "VRWAD"));
            assertThat(access(paged, "load", SUPERVISOR, virtual + offset))
                .as("misaligned " + name)
                .isEqualTo("d %x -> M".formatted(virtual + offset));
          }
        }
      }
    }
  }

  /// Bits above the scheme's must all equal its highest one (§12.4.1).
  @ParameterizedTest
  @EnumSource
  void canonicalAddresses(Machine.Kind kind) {
    for (int levels = 3; levels <= 5; levels++) {
      int bits = 12 + 9 * levels;
      try (Probe probe = new Probe(kind);
          PagedProbe paged = new PagedProbe(probe, levels)) {
        paged.map(0, Probe.DATA, "VRWXAD");
        for (int bit = bits - 1; bit < 64; bit++) {
          long address = WINDOW | 1L << bit;
          assertThat(access(paged, "load", SUPERVISOR, address))
              .isEqualTo("d %x -> M".formatted(address));
          assertThat(access(paged, "fetch", SUPERVISOR, address))
              .isEqualTo("c %x -> M".formatted(address));
        }
        // The topmost slot of the root, reached through sign-extended addresses only.
        long top = -1L << (bits - 9);
        long root = TABLES;
        paged.setEntryAt(
            root + 511 * 8,
            PagedProbe.entry(
                probe.machine.load(root, 8) == 0 ? TABLES + 0x7000 : TABLES + 0x1000, "V"));
        String outcome = access(paged, "load", SUPERVISOR, top + (levels == 3 ? 0 : WINDOW));
        assertThat(outcome).as("Sv" + bits).isEqualTo("ok");
      }
    }
  }

  /// Svnapot: sixteen pages by one of sixteen equal entries.
  @ParameterizedTest
  @EnumSource
  void napot(Machine.Kind kind) {
    try (Probe probe = new Probe(kind);
        PagedProbe paged = new PagedProbe(probe, 3)) {
      long napot = Long.MIN_VALUE | PagedProbe.entry(0x8002_8000L, "VRWAD");
      for (int page = 0; page < 16; page++) {
        paged.setEntry(page, napot);
        probe.machine.store(0x8002_0000L + 0x1000 * page + 24, 8, page + 100);
        assertThat(access(paged, "load", SUPERVISOR, WINDOW + 0x1000 * page + 24)).isEqualTo("ok");
        assertThat(probe.machine.x(Rv.A0)).isEqualTo(page + 100);
      }
      for (int low : new int[] {0, 1, 2, 4, 9, 12}) {
        paged.setEntry(0, Long.MIN_VALUE | PagedProbe.entry(0x8002_0000L + 0x1000 * low, "VRWAD"));
        assertThat(access(paged, "load", SUPERVISOR, WINDOW)).isEqualTo("d 40000000 -> M");
      }
    }
  }

  /// What a change of the table means before and after `sfence.vma`, and of `satp` with another
  /// ASID.
  @ParameterizedTest
  @EnumSource
  void changesShowAfterTheFence(Machine.Kind kind) {
    try (Probe probe = new Probe(kind);
        PagedProbe paged = new PagedProbe(probe, 3)) {
      Machine machine = probe.machine;
      machine.store(Probe.DATA, 8, 1);
      machine.store(Probe.DATA + 0x1000, 8, 2);
      for (int round = 0; round < 4; round++) {
        paged.map(0, Probe.DATA + 0x1000 * (round & 1), "VRAD");
        assertThat(access(paged, "load", SUPERVISOR, WINDOW)).isEqualTo("ok");
        assertThat(machine.x(Rv.A0)).isEqualTo(1 + (round & 1));
      }
      paged.map(0, Probe.DATA, "RAD");
      assertThat(access(paged, "load", SUPERVISOR, WINDOW)).isEqualTo("d 40000000 -> M");
      // A second address space, switched to by satp alone.
      long other = Probe.DATA + 0x2_0000;
      machine.store(other + 16, 8, PagedProbe.entry(Machine.BASE, "VRWXAD"));
      machine.store(other + 8, 8, PagedProbe.entry(0x8000_0000L, "VRAD"));
      paged.map(0, Probe.DATA, "VRAD");
      for (int round = 0; round < 3; round++) {
        machine.setCsr(Probe.SATP, 8L << 60 | 7L << 44 | other >>> 12);
        access(paged, "load", SUPERVISOR, WINDOW + 0x9000);
        assertThat(machine.x(Rv.A0)).isEqualTo(2);
        machine.setCsr(Probe.SATP, 8L << 60 | TABLES >>> 12);
        access(paged, "load", SUPERVISOR, WINDOW);
        assertThat(machine.x(Rv.A0)).isEqualTo(1);
      }
    }
  }
}
