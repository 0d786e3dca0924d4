package brume.hypervisor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.memory.GuestRam;
import brume.hypervisor.memory.PhysicalMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A hart in S-mode under Sv39 tables made by hand: root at RAM + 0x1000.
class InspectionTest {
  private static final long RAM = 0x8000_0000L;
  private static final long POINTER = 1, LEAF = 0x0f, USER_UNTOUCHED = 0x13;
  private final GuestRam ram = GuestRam.allocate(RAM, 8 << 20);
  private final Hart hart = new Hart(0, new PhysicalMemory(ram), new HartConfig(null), () -> 0);
  private final Inspection inspection = new Inspection(hart);

  InspectionTest() {
    entry(0x1000, 0, RAM + 0x2000, POINTER);
    entry(0x2000, 0, RAM + 0x3000, POINTER);
    entry(0x3000, 1, RAM + 0x5000, USER_UNTOUCHED);
    entry(0x3000, 2, RAM + 0x4000, LEAF);
    entry(0x2000, 1, RAM + 0x20_0000, LEAF);
    ram.store64(RAM + 0x3000 + 16 * 8, 1L << 63 | (RAM + 0x1_8000) >>> 2 | LEAF);
    entry(0x1000, 2, RAM, LEAF);
    entry(0x1000, 3, 0x1_0000_0000L, LEAF);
    hart.setCsr(Csr.PMPADDR0, -1);
    hart.setCsr(Csr.PMPCFG0, 0x1f);
    hart.setCsr(Csr.SATP, 8L << 60 | (RAM + 0x1000) >>> 12);
    hart.setPrivilege(Privilege.SUPERVISOR);
  }

  private void entry(int table, int index, long to, long bits) {
    ram.store64(RAM + table + 8L * index, to >>> 2 | bits);
  }

  @AfterEach
  void close() {
    ram.close();
  }

  @ParameterizedTest
  @CsvSource({
    "0x1008, 0x80005008, a user page without A or D",
    "0x2ffc, 0x80004ffc, the page behind lies before it",
    "0x234567, 0x80234567, 2 MiB",
    "0x10123, 0x80010123, Svnapot: 64 KiB",
    "0x80012345, 0x80012345, 1 GiB",
    "0x3000, -1, not valid",
    "0xc0000000, 0x100000000, no RAM",
    "0x4000000000, -1, not canonical",
  })
  void translatesWithoutLookingAtPermissions(String virtual, String physical, String what) {
    assertThat(inspection.physical(Long.decode(virtual))).as(what).isEqualTo(Long.decode(physical));
  }

  @Test
  void lookingChangesNothing() {
    byte[] before = new byte[0x8000];
    byte[] after = new byte[0x8000];
    ram.read(RAM, before, 0, before.length);
    assertThat(inspection.read(0x1000, true, new byte[64])).isEqualTo(64);
    assertThat(inspection.instruction(0x1000)).isZero();
    ram.read(RAM, after, 0, after.length);
    assertThat(after).as("no A bit").isEqualTo(before);
  }

  @Test
  void readsAndWritesOverPagesThatLieApart() {
    assertThat(inspection.write(0x1ffe, true, new byte[] {1, 2, 3, 4})).isTrue();
    assertThat(ram.load16(RAM + 0x5ffe)).isEqualTo(0x0201);
    assertThat(ram.load16(RAM + 0x4000)).isEqualTo(0x0403);
    assertThat(inspection.instruction(0x1ffe)).as("ends in 01: 16 bits").isEqualTo(0x0201);
    byte[] some = new byte[8];
    assertThat(inspection.read(0x2ffc, true, some)).as("up to the hole").isEqualTo(4);
    assertThat(inspection.write(0x2ffc, true, new byte[8])).isFalse();
    assertThat(inspection.read(0x1ffe, false, some)).as("no RAM there").isZero();
    assertThat(inspection.read(RAM + 0x5ffe, false, some)).isEqualTo(8);
    hart.setPrivilege(Privilege.MACHINE);
    assertThat(inspection.physical(0x1ffe)).isEqualTo(0x1ffe);
  }

  @Test
  void writtenCodeIsWhatRuns() {
    hart.setPc(0x2000);
    ram.store32(RAM + 0x4000, 0x0010_0513);
    entry(0x3000, 2, RAM + 0x4000, 0xcf);
    hart.run(1);
    assertThat(hart.x(10)).isEqualTo(1);
    hart.setPc(0x2000);
    inspection.write(0x2000, true, new byte[] {0x13, 0x05, 0x70, 0x00});
    assertThat(hart.step()).isTrue();
    assertThat(hart.x(10)).isEqualTo(7);
  }
}
