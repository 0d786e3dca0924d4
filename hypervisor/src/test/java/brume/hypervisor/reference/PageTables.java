package brume.hypervisor.reference;

import java.util.SplittableRandom;

/// The address spaces of the random programs, as bytes in RAM at [#TABLES]. In each of them a
/// window of [#WINDOW_PAGES] pages with random entries stands at [#WINDOW], the code for U-mode at
/// [#USER_CODE], and all of RAM at its own address for S-mode.
final class PageTables {
  static final long TABLES = Machine.BASE + 0x8_0000;
  static final long LEAVES = TABLES + 0x6000;
  static final long WINDOW = 0x4000_0000L;
  static final long USER_CODE = 0x4010_0000L;
  static final int WINDOW_PAGES = 16;

  /// What the window's pages lie over.
  static final long DATA = Machine.BASE + 0x4_0000;

  static final int V = 1, R = 2, W = 4, X = 8, U = 16, G = 32, A = 64, D = 128;

  private PageTables() {}

  static long entry(long physical, int flags) {
    return physical >>> 12 << 10 | flags;
  }

  /// Mostly what works, sometimes what must fault.
  static long randomLeaf(SplittableRandom random) {
    long page = DATA + ((long) random.nextInt(WINDOW_PAGES) << 12);
    int flags =
        switch (random.nextInt(8)) {
          case 0 -> random.nextInt(256);
          case 1 -> V | R | U;
          case 2 -> V | X | U | A;
          case 3 -> V | R | W | A;
          default -> V | R | W | U;
        };
    long leaf = entry(page, flags);
    return switch (random.nextInt(24)) {
      case 0 -> leaf | 1L << random.nextInt(54, 64);
      case 1 -> entry((page & ~0xffffL) | 0x8000, flags) | Long.MIN_VALUE;
      case 2 -> entry(0x1000, flags);
      default -> leaf;
    };
  }

  /// Writes them with `levels` 3, 4 or 5 and answers the `satp` to use.
  static long build(Machine machine, int levels, long code, SplittableRandom random) {
    long table = TABLES;
    for (int level = levels - 1; level > 2; level--) {
      machine.store(table, 8, entry(table + 0x1000, V));
      table += 0x1000;
    }
    long gigabytes = table;
    long megabytes = TABLES + 0x5000;
    int full = V | R | W | X | A | D;
    machine.store(gigabytes + 8, 8, entry(megabytes, V));
    machine.store(gigabytes + 16, 8, entry(0x8000_0000L, full | G));
    machine.store(megabytes, 8, entry(LEAVES, V));
    for (int i = 0; i < WINDOW_PAGES; i++) {
      machine.store(LEAVES + 8 * i, 8, randomLeaf(random));
    }
    for (int i = 0; i < 4; i++) {
      machine.store(LEAVES + 8 * (0x100 + i), 8, entry(code + 0x1000 * i, V | R | X | U | A));
    }
    return (long) (levels + 5) << 60 | (long) random.nextInt(3) << 44 | TABLES >>> 12;
  }
}
