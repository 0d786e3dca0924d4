package brume.hypervisor.instructions;

import static brume.hypervisor.instructions.PagedProbe.WINDOW;
import static brume.hypervisor.instructions.Probe.DATA;
import static brume.hypervisor.instructions.Probe.MACHINE;
import static brume.hypervisor.instructions.Probe.SUPERVISOR;
import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.reference.Machine;
import brume.hypervisor.reference.Program;
import brume.hypervisor.reference.Rv;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Loads, stores and reservations: widths, sign, every alignment, and accesses over two pages that
/// lie apart, of which either may fault.
class MemoryAccessTest {
  /// Bytes of which each has its highest bit set in turn.
  private static final long PATTERN = 0x80f0_7f01_ff82_c3e4L;

  private static int width(String name) {
    return switch (name.replaceFirst("^f", "").charAt(1)) {
      case 'b' -> 1;
      case 'h' -> 2;
      case 'w' -> 4;
      default -> 8;
    };
  }

  private static long expected(String name, long bytes) {
    int unused = 64 - 8 * width(name);
    long shifted = bytes << unused;
    if (name.equals("flw")) {
      return shifted >>> unused | 0xffff_ffff_0000_0000L;
    }
    return name.endsWith("u") ? shifted >>> unused : shifted >> unused;
  }

  @ParameterizedTest
  @EnumSource
  void loadsAtEveryAlignmentAndOverPages(Machine.Kind kind) {
    try (Probe probe = new Probe(kind);
        PagedProbe paged = new PagedProbe(probe, 3)) {
      paged.map(0, DATA, "VRWAD");
      paged.map(1, DATA + 0x5000, "VRWAD");
      paged.map(2, DATA + 0x3000, "VRWAD");
      for (String name : List.of("lb", "lbu", "lh", "lhu", "lw", "lwu", "ld", "flw", "fld")) {
        for (int offset = -16; offset <= 8; offset++) {
          long address = WINDOW + 0x1000 + offset;
          for (int i = 0; i < 8; i++) {
            int place = 0x1000 + offset + i;
            long physical = place < 0x1000 ? DATA + place : DATA + 0x5000 + place - 0x1000;
            probe.machine.store(physical, 1, PATTERN >>> (8 * i));
          }
          probe.machine.setX(Rv.T0, address + 100);
          assertThat(paged.attempt(SUPERVISOR, Rv.imm(name, Rv.A0, Rv.T0, -100))).isEqualTo("ok");
          long actual = name.startsWith("f") ? probe.machine.f(Rv.A0) : probe.machine.x(Rv.A0);
          assertThat(actual).as("%s at %x", name, address).isEqualTo(expected(name, PATTERN));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void storesAtEveryAlignmentAndOverPages(Machine.Kind kind) {
    try (Probe probe = new Probe(kind);
        PagedProbe paged = new PagedProbe(probe, 3)) {
      paged.map(0, DATA, "VRWAD");
      paged.map(1, DATA + 0x5000, "VRWAD");
      probe.machine.setX(Rv.A0, PATTERN);
      probe.machine.setF(Rv.A0, PATTERN);
      for (String name : List.of("sb", "sh", "sw", "sd", "fsw", "fsd")) {
        for (int offset = -16; offset <= 8; offset++) {
          long marker = 0x5555_5555_5555_5555L;
          for (int i = -24; i < 24; i += 8) {
            probe.machine.store(i < 0 ? DATA + 0x1000 + i : DATA + 0x5000 + i, 8, marker);
          }
          probe.machine.setX(Rv.T0, WINDOW + 0x1000 + offset - 2047);
          assertThat(paged.attempt(SUPERVISOR, Rv.imm(name, Rv.A0, Rv.T0, 2047))).isEqualTo("ok");
          for (int i = -24; i < 24; i++) {
            long physical = i < 0 ? DATA + 0x1000 + i : DATA + 0x5000 + i;
            boolean written = i >= offset && i < offset + width(name);
            long value = written ? PATTERN >>> (8 * (i - offset)) & 255 : 0x55;
            assertThat(probe.machine.load(physical, 1))
                .as("%s at %d, byte %d", name, offset, i)
                .isEqualTo(value);
          }
        }
      }
    }
  }

  /// The value is that of the portion that faults, and nothing of it is done.
  @ParameterizedTest
  @EnumSource
  void faultsOverPages(Machine.Kind kind) {
    try (Probe probe = new Probe(kind);
        PagedProbe paged = new PagedProbe(probe, 3)) {
      long address = WINDOW + 0xffd;
      probe.machine.setX(Rv.T0, address);
      probe.machine.setX(Rv.A1, -1);
      int load = Rv.imm("ld", Rv.A0, Rv.T0, 0);
      int store = Rv.imm("sd", Rv.A1, Rv.T0, 0);
      probe.machine.store(DATA + 0xff8, 8, 7);
      probe.machine.store(DATA + 0x5000, 8, 8);

      paged.map(0, DATA, "VRWAD");
      paged.map(1, DATA + 0x5000, "V");
      probe.machine.setX(Rv.A0, 99);
      assertThat(paged.attempt(SUPERVISOR, load)).isEqualTo("d 40001000 -> M");
      assertThat(paged.attempt(SUPERVISOR, store)).isEqualTo("f 40001000 -> M");

      paged.map(0, DATA, "V");
      paged.map(1, DATA + 0x5000, "VRWAD");
      assertThat(paged.attempt(SUPERVISOR, load)).isEqualTo("d 40000ffd -> M");
      assertThat(paged.attempt(SUPERVISOR, store)).isEqualTo("f 40000ffd -> M");

      paged.map(0, DATA, "VRWAD");
      paged.map(1, DATA + 0x5000, "VRAD");
      assertThat(paged.attempt(SUPERVISOR, store)).isEqualTo("f 40001000 -> M");
      assertThat(probe.machine.x(Rv.A0)).isEqualTo(99);
      assertThat(probe.machine.load(DATA + 0xff8, 8)).isEqualTo(7);
      assertThat(probe.machine.load(DATA + 0x5000, 8)).isEqualTo(8);
    }
  }

  /// Over the end of RAM, without page tables.
  @ParameterizedTest
  @EnumSource
  void endsOfRam(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      long end = Machine.BASE + Machine.RAM_BYTES;
      for (long address : new long[] {Machine.BASE - 8, end, -8, 1L << 56, Long.MIN_VALUE}) {
        probe.machine.setX(Rv.T0, address);
        probe.attempt(MACHINE, Rv.imm("ld", Rv.A0, Rv.T0, 0));
        assertThat(probe.outcome()).isEqualTo("5 %x -> M".formatted(address));
        probe.attempt(MACHINE, Rv.imm("sb", Rv.A0, Rv.T0, 0));
        assertThat(probe.outcome()).isEqualTo("7 %x -> M".formatted(address));
      }
      probe.machine.setX(Rv.T0, end - 8);
      assertThat(probe.attempt(MACHINE, Rv.imm("ld", Rv.A0, Rv.T0, 0)).outcome()).isEqualTo("ok");
    }
  }

  /// MPRV: M-mode's loads and stores with the eyes of the mode in MPP; fetches stay M's.
  @ParameterizedTest
  @EnumSource
  void modifiedPrivilege(Machine.Kind kind) {
    try (Probe probe = new Probe(kind);
        PagedProbe paged = new PagedProbe(probe, 3)) {
      paged.map(0, DATA, "VRWUAD");
      probe.machine.store(DATA, 8, 4711);
      probe.machine.setX(Rv.T0, WINDOW);
      int load = Rv.imm("ld", Rv.A0, Rv.T0, 0);
      long mprv = 1 << 17;
      probe.machine.setCsr(Probe.MSTATUS, mprv);
      assertThat(paged.attempt(MACHINE, load)).isEqualTo("ok");
      assertThat(probe.machine.x(Rv.A0)).isEqualTo(4711);
      probe.machine.setCsr(Probe.MSTATUS, mprv | 1 << 11);
      assertThat(paged.attempt(MACHINE, load)).isEqualTo("d 40000000 -> M");
      probe.machine.setCsr(Probe.MSTATUS, mprv | 1 << 11 | 1 << 18);
      assertThat(paged.attempt(MACHINE, load)).isEqualTo("ok");
      probe.machine.setCsr(Probe.MSTATUS, mprv | 3 << 11);
      assertThat(paged.attempt(MACHINE, load)).isEqualTo("5 40000000 -> M");
      probe.machine.setCsr(Probe.MSTATUS, 0);
      assertThat(paged.attempt(MACHINE, load)).isEqualTo("5 40000000 -> M");
    }
  }

  @ParameterizedTest
  @EnumSource
  void reservations(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      for (String width : List.of(".w", ".d")) {
        int lr = Rv.op("lr" + width, Rv.A0, Rv.T0);
        int sc = Rv.op("sc" + width, Rv.A1, Rv.T0, Rv.A2);
        int elsewhere = Rv.op("sc" + width, Rv.A1, Rv.T1, Rv.A2);
        probe.machine.setX(Rv.T0, DATA);
        probe.machine.setX(Rv.T1, DATA + 0x2000);
        probe.machine.setX(Rv.A2, 0x1_8000_0001L);
        probe.machine.store(DATA, 8, 0xffff_ffff_8000_0000L);
        probe.machine.store(DATA + 0x2000, 8, 5);

        run(probe, lr, sc);
        assertThat(probe.machine.x(Rv.A0)).isEqualTo(0xffff_ffff_8000_0000L);
        assertThat(probe.machine.x(Rv.A1)).isZero();
        long after = width.equals(".d") ? 0x1_8000_0001L : 0xffff_ffff_8000_0001L;
        assertThat(probe.machine.load(DATA, 8)).isEqualTo(after);

        // A second one has nothing left to succeed on.
        probe.machine.setX(Rv.A2, 9);
        run(probe, lr, sc, sc);
        assertThat(probe.machine.x(Rv.A1)).isEqualTo(1);
        assertThat(probe.machine.load(DATA, 8))
            .isEqualTo(width.equals(".d") ? 9 : (after & ~0xffff_ffffL) | 9);

        // Another address fails, and uses the reservation up.
        run(probe, lr, elsewhere);
        assertThat(probe.machine.x(Rv.A1)).isEqualTo(1);
        assertThat(probe.machine.load(DATA + 0x2000, 8)).isEqualTo(5);
        run(probe, lr, elsewhere, sc);
        assertThat(probe.machine.x(Rv.A1)).isEqualTo(1);
      }
    }
  }

  private static void run(Probe probe, int... words) {
    probe.machine.setPrivilege(MACHINE);
    probe.machine.execute(new Program(Probe.CODE).add(words));
  }

  /// A page that may be read but not written takes LR, and a store's fault for SC and AMO.
  @ParameterizedTest
  @EnumSource
  void atomicsOnReadOnlyPages(Machine.Kind kind) {
    try (Probe probe = new Probe(kind);
        PagedProbe paged = new PagedProbe(probe, 3)) {
      paged.map(0, DATA, "VRAD");
      probe.machine.setX(Rv.T0, WINDOW);
      assertThat(paged.attempt(SUPERVISOR, Rv.op("lr.w", 1, Rv.T0))).isEqualTo("ok");
      assertThat(paged.attempt(SUPERVISOR, Rv.op("sc.w", 1, Rv.T0, 0)))
          .isEqualTo("f 40000000 -> M");
      assertThat(paged.attempt(SUPERVISOR, Rv.op("amoadd.w", 1, Rv.T0, 0)))
          .isEqualTo("f 40000000 -> M");
      paged.map(0, DATA, "V");
      assertThat(paged.attempt(SUPERVISOR, Rv.op("lr.d", 1, Rv.T0))).isEqualTo("d 40000000 -> M");
      assertThat(paged.attempt(SUPERVISOR, Rv.op("sc.d", 1, Rv.T0, 0)))
          .as("SC looks at its address without a reservation too")
          .isEqualTo("f 40000000 -> M");
      assertThat(paged.attempt(SUPERVISOR, Rv.op("amoadd.w", 1, Rv.T0, 0)))
          .isEqualTo("f 40000000 -> M");
    }
  }
}
