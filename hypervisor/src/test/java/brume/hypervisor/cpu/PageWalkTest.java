package brume.hypervisor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Page tables are laid from 0x8001_0000, one page for each level; the data page is 0x8004_0000.
/// Loads and stores run in M-mode with MPRV, so that only data goes through the tables.
final class PageWalkTest {
  private static final long TABLES = Bench.BASE + 0x1_0000;
  private static final long DATA = Bench.BASE + 0x4_0000;
  private static final long ADDRESS = 0x12_3456_7000L & 0x3f_ffff_ffffL;
  private static final int V = 1, R = 2, W = 4, A = 64, D = 128;

  private final Bench bench = new Bench();

  private static long pte(long physical, long flags) {
    return physical >>> 12 << 10 | flags;
  }

  private long tableAddress(int level) {
    return TABLES + 0x1000L * level;
  }

  /// Maps `address` down to `leafLevel` and answers where the leaf's entry is.
  private long map(int levels, long address, int leafLevel, long leaf) {
    for (int level = levels - 1; level > leafLevel; level--) {
      long at = tableAddress(level) + (address >>> (12 + 9 * level) & 511) * 8;
      bench.ram.store64(at, pte(tableAddress(level - 1), V));
    }
    long at = tableAddress(leafLevel) + (address >>> (12 + 9 * leafLevel) & 511) * 8;
    bench.ram.store64(at, leaf);
    bench.hart.setCsr(Csr.SATP, (5L + levels) << 60 | tableAddress(levels - 1) >>> 12);
    return at;
  }

  private void as(int privilege, long status) {
    bench.openPmp();
    bench.hart.setCsr(Csr.MSTATUS, Status.MPRV | (long) privilege << Status.MPP_SHIFT | status);
  }

  /// Runs one load or store at `address`; answers the cause of the trap, or -1.
  private long access(int instruction, long address) {
    bench.code(instruction);
    bench.hart.setX(11, address);
    bench.hart.setX(10, 0x5a5a);
    long status = bench.hart.csr(Csr.MSTATUS);
    if (bench.hart.run(1) == 1) {
      return -1;
    }
    assertThat(bench.hart.csr(Csr.MTVAL)).isEqualTo(address);
    bench.hart.setCsr(Csr.MSTATUS, status);
    return bench.cause();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5})
  void anAddressIsTranslatedInEveryMode(int levels) {
    long address = ADDRESS & (1L << (11 + 9 * levels)) - 1;
    map(levels, address, 0, pte(DATA, V | R | W | A | D));
    as(Privilege.SUPERVISOR, 0);
    bench.ram.store64(DATA + 0x128, 0x1122_3344_5566_7788L);
    assertThat(access(Bench.LOAD, address + 0x128)).isEqualTo(-1);
    assertThat(bench.hart.x(10)).isEqualTo(0x1122_3344_5566_7788L);
    assertThat(access(Bench.STORE, address + 0x200)).isEqualTo(-1);
    assertThat(bench.ram.load64(DATA + 0x200)).isEqualTo(0x5a5a);
  }

  @ParameterizedTest(name = "{0} mode {1} status {2}: load {3} store {4}")
  @CsvSource({
    // flags, mode, sstatus bits, cause of a load, cause of a store; -1 is none
    "VRWAD,   S, '',  -1, -1",
    "VRAD,    S, '',  -1, 15",
    "VXAD,    S, '',  13, 15",
    "VXAD,    S, MXR, -1, 15",
    "VWAD,    S, '',  13, 15",
    "RWAD,    S, '',  13, 15",
    "VRWUAD,  S, '',  13, 15",
    "VRWUAD,  S, SUM, -1, -1",
    "VRWUAD,  U, '',  -1, -1",
    "VRWAD,   U, '',  13, 15",
    "VRWAD,   U, SUM, 13, 15",
    "VRW,     S, '',  13, 15",
    "VRWA,    S, '',  -1, 15",
    "VAD,     S, '',  13, 15",
  })
  void permissionsDecide(String flags, String mode, String status, long load, long store) {
    map(3, ADDRESS, 0, pte(DATA, bits(flags)));
    long extra = status.equals("MXR") ? Status.MXR : status.equals("SUM") ? Status.SUM : 0;
    as(mode.equals("S") ? Privilege.SUPERVISOR : Privilege.USER, extra);
    assertThat(access(Bench.LOAD, ADDRESS)).isEqualTo(load);
    assertThat(access(Bench.STORE, ADDRESS)).isEqualTo(store);
  }

  private static long bits(String flags) {
    long value = 0;
    for (int i = 0; i < flags.length(); i++) {
      value |= 1L << "VRWXUGAD".indexOf(flags.charAt(i));
    }
    return value;
  }

  @Test
  void theMachineSetsAccessedAndDirtyWhereItIsAllowedTo() {
    long leaf = map(3, ADDRESS, 0, pte(DATA, V | R | W));
    as(Privilege.SUPERVISOR, 0);
    bench.hart.setCsr(Csr.MENVCFG, Csrs.ADUE);
    assertThat(access(Bench.LOAD, ADDRESS)).isEqualTo(-1);
    assertThat(bench.ram.load64(leaf)).isEqualTo(pte(DATA, V | R | W | A));
    assertThat(access(Bench.STORE, ADDRESS)).isEqualTo(-1);
    assertThat(bench.ram.load64(leaf)).isEqualTo(pte(DATA, V | R | W | A | D));
  }

  @ParameterizedTest(name = "bit {0}")
  @ValueSource(ints = {54, 57, 60, 61, 62, 63})
  void reservedBitsOfALeafFault(int bit) {
    map(3, ADDRESS, 0, pte(DATA, V | R | W | A | D) | 1L << bit);
    as(Privilege.SUPERVISOR, 0);
    assertThat(access(Bench.LOAD, ADDRESS)).isEqualTo(Cause.LOAD_PAGE);
  }

  @ParameterizedTest(name = "bit {0}")
  @ValueSource(ints = {4, 6, 7, 54, 61, 63})
  void reservedBitsOfATableFault(int bit) {
    map(3, ADDRESS, 0, pte(DATA, V | R | W | A | D));
    long at = tableAddress(1) + (ADDRESS >>> 21 & 511) * 8;
    bench.ram.store64(at, bench.ram.load64(at) | 1L << bit);
    as(Privilege.SUPERVISOR, 0);
    assertThat(access(Bench.LOAD, ADDRESS)).isEqualTo(Cause.LOAD_PAGE);
  }

  @Test
  void aNapotLeafMapsSixteenPages() {
    long napot = 1L << 63 | pte(Bench.BASE + 0x4_8000, V | R | W | A | D);
    List<Long> loaded = new ArrayList<>();
    as(Privilege.SUPERVISOR, 0);
    for (int page = 0; page < 16; page++) {
      long address = 0x7_0000 + 0x1000L * page;
      map(3, address, 0, napot);
      bench.ram.store64(DATA + 0x1000L * page, page);
      assertThat(access(Bench.LOAD, address)).isEqualTo(-1);
      loaded.add(bench.hart.x(10));
    }
    assertThat(loaded).isEqualTo(java.util.stream.LongStream.range(0, 16).boxed().toList());
  }

  @Test
  void aLargeLeafMustBeAligned() {
    map(3, ADDRESS, 1, pte(Bench.BASE, V | R | W | A | D));
    as(Privilege.SUPERVISOR, 0);
    assertThat(access(Bench.LOAD, (ADDRESS & -0x20_0000) | 0x128)).isEqualTo(-1);
    map(3, ADDRESS, 1, pte(Bench.BASE + 0x1000, V | R | W | A | D));
    bench.hart.requestTranslationFence();
    assertThat(access(Bench.LOAD, ADDRESS)).isEqualTo(Cause.LOAD_PAGE);
  }

  @Test
  void anAddressMustBeCanonicalAndItsTablesMustBeRam() {
    map(3, ADDRESS, 0, pte(DATA, V | R | W | A | D));
    as(Privilege.SUPERVISOR, 0);
    assertThat(access(Bench.LOAD, ADDRESS | 1L << 45)).isEqualTo(Cause.LOAD_PAGE);
    bench.hart.setCsr(Csr.SATP, 8L << 60 | 0x1000);
    assertThat(access(Bench.STORE, ADDRESS)).isEqualTo(Cause.STORE_ACCESS);
  }

  /// The fence must reach all pages of a leaf that covers many, and only a fence may show a change.
  @Test
  void aFenceForOneAddressForgetsTheWholeLargeLeaf() {
    map(3, 0x4000_0000L, 1, pte(Bench.BASE, V | R | W | A | D));
    as(Privilege.SUPERVISOR, 0);
    bench.ram.store64(DATA, 1);
    assertThat(access(Bench.LOAD, 0x4004_0000L)).isEqualTo(-1);
    map(3, 0x4000_0000L, 1, 0);
    bench.code(0x12060073); // sfence.vma a2
    bench.hart.setX(12, 0x4000_0000L);
    bench.hart.run(1);
    assertThat(access(Bench.LOAD, 0x4004_0000L)).isEqualTo(Cause.LOAD_PAGE);
  }

  /// `sfence.vma` by its operands: x0 means all, and an address space is named by a register.
  @ParameterizedTest(name = "{0}: still buffered {1}")
  @CsvSource({
    "0x12000073, false", // sfence.vma x0, x0
    "0x16000073, false", // sinval.vma x0, x0
    "0x12060073, false", // sfence.vma a2, x0 with the address
    "0x12d00073, false", // sfence.vma x0, a3 with the address space
    "0x12e00073, true", // sfence.vma x0, a4 with another address space
    "0x12078073, true", // sfence.vma a5, x0 with another address
    "0x00000013, true", // nop
  })
  void aFenceForgetsWhatItsOperandsSay(String fence, boolean buffered) {
    long leaf = map(3, ADDRESS, 0, pte(DATA, V | R | W | A | D));
    bench.hart.setCsr(Csr.SATP, bench.hart.csr(Csr.SATP) | 3L << 44);
    as(Privilege.SUPERVISOR, 0);
    assertThat(access(Bench.LOAD, ADDRESS)).isEqualTo(-1);
    bench.ram.store64(leaf, 0);
    bench.code(Integer.decode(fence));
    bench.hart.setX(12, ADDRESS);
    bench.hart.setX(13, 3);
    bench.hart.setX(14, 4);
    bench.hart.setX(15, ADDRESS + 0x1000);
    assertThat(bench.hart.run(1)).isEqualTo(1);
    assertThat(access(Bench.LOAD, ADDRESS)).isEqualTo(buffered ? -1 : Cause.LOAD_PAGE);
  }

  @Test
  void anAccessOverTwoPagesNamesThePartThatFaultsAndStoresNothing() {
    map(3, ADDRESS, 0, pte(DATA, V | R | W | A | D));
    as(Privilege.SUPERVISOR, 0);
    bench.code(Bench.STORE);
    bench.hart.setX(11, ADDRESS + 0xffd);
    bench.hart.setX(10, -1);
    bench.hart.run(1);
    assertThat(bench.cause()).isEqualTo(Cause.STORE_PAGE);
    assertThat(bench.hart.csr(Csr.MTVAL)).isEqualTo(ADDRESS + 0x1000);
    assertThat(bench.ram.load64(DATA + 0xff8)).isZero();
  }

  @Test
  void anAccessOverTwoPagesIsDoneInParts() {
    map(3, ADDRESS, 0, pte(DATA, V | R | W | A | D));
    map(3, ADDRESS + 0x1000, 0, pte(DATA + 0x8000, V | R | W | A | D));
    as(Privilege.SUPERVISOR, 0);
    bench.code(Bench.STORE, Bench.LOAD);
    bench.hart.setX(11, ADDRESS + 0xffd);
    bench.hart.setX(10, 0x1122_3344_5566_7788L);
    assertThat(bench.hart.run(2)).isEqualTo(2);
    assertThat(bench.ram.load64(DATA + 0xff8) >>> 40).isEqualTo(0x667788);
    assertThat(bench.ram.load64(DATA + 0x8000)).isEqualTo(0x11_2233_4455L);
    assertThat(bench.hart.x(10)).isEqualTo(0x1122_3344_5566_7788L);
  }

  @Test
  void addressSpacesAreKeptApartWithoutAFence() {
    map(3, ADDRESS, 0, pte(DATA, V | R | W | A | D));
    long one = bench.hart.csr(Csr.SATP) | 1L << 44;
    long leaf = map(3, ADDRESS, 0, pte(DATA, V | R | W | A | D));
    long two = bench.hart.csr(Csr.SATP) | 2L << 44;
    as(Privilege.SUPERVISOR, 0);
    bench.ram.store64(DATA, 1);
    bench.ram.store64(DATA + 0x1000, 2);
    bench.hart.setCsr(Csr.SATP, one);
    access(Bench.LOAD, ADDRESS);
    bench.ram.store64(leaf, pte(DATA + 0x1000, V | R | W | A | D));
    bench.hart.setCsr(Csr.SATP, two);
    access(Bench.LOAD, ADDRESS);
    assertThat(bench.hart.x(10)).as("not what the other space has buffered").isEqualTo(2);
  }
}
