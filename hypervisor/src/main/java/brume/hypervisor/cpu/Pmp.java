package brume.hypervisor.cpu;

/// Physical memory protection with 16 entries at a grain of 4 bytes: RISC-V privileged §3.7.
final class Pmp {
  static final int ENTRIES = 16;

  private static final int R = 1;
  private static final int W = 2;
  private static final int X = 4;
  private static final int LOCKED = 0x80;
  private static final int OFF = 0;
  private static final int TOR = 1;
  private static final int NA4 = 2;
  private static final long ADDRESS_MASK = (1L << 54) - 1;

  private final int[] config = new int[ENTRIES];
  private final long[] address = new long[ENTRIES];

  /// What each entry covers, `[from, to)`; both 0 for none, as an empty span elsewhere would seem
  /// to lie within an access around it.
  private final long[] from = new long[ENTRIES];

  private final long[] to = new long[ENTRIES];

  /// Whether the first entry covers everything and refuses nothing: then no other matters.
  private boolean open;

  /// As firmware would set it before it enters S-mode: everything allowed.
  void openAll() {
    address[0] = ADDRESS_MASK;
    config[0] = R | W | X | 3 << 3;
    update();
  }

  void reset() {
    java.util.Arrays.fill(config, 0);
    java.util.Arrays.fill(address, 0);
    update();
  }

  long readConfig(int register) {
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = value << 8 | config[register * 4 + i];
    }
    return value;
  }

  void writeConfig(int register, long value) {
    for (int i = 0; i < 8; i++) {
      int entry = register * 4 + i;
      if ((config[entry] & LOCKED) == 0) {
        int wanted = (int) (value >>> (8 * i)) & 0x9f;
        // R=0 with W=1 is reserved; the entry then permits nothing.
        config[entry] = (wanted & (R | W)) == W ? wanted & ~(R | W | X) : wanted;
      }
    }
    update();
  }

  long readAddress(int entry) {
    return address[entry];
  }

  void writeAddress(int entry, long value) {
    boolean lockedByNext =
        entry + 1 < ENTRIES && (config[entry + 1] & LOCKED) != 0 && mode(entry + 1) == TOR;
    if ((config[entry] & LOCKED) == 0 && !lockedByNext) {
      address[entry] = value & ADDRESS_MASK;
      update();
    }
  }

  private int mode(int entry) {
    return config[entry] >>> 3 & 3;
  }

  private void update() {
    for (int i = 0; i < ENTRIES; i++) {
      long here = address[i];
      switch (mode(i)) {
        case OFF -> span(i, 0, 0);
        case TOR -> span(i, i == 0 ? 0 : address[i - 1] << 2, here << 2);
        case NA4 -> span(i, here << 2, (here << 2) + 4);
        default -> {
          long ones = here ^ (here + 1);
          span(i, (here & ~ones) << 2, ((here & ~ones) << 2) + ((ones + 1) << 2));
        }
      }
    }
    open = from[0] == 0 && to[0] >>> 56 != 0 && (config[0] & (R | W | X)) == (R | W | X);
  }

  private void span(int entry, long start, long end) {
    boolean empty = end <= start;
    from[entry] = empty ? 0 : start;
    to[entry] = empty ? 0 : end;
  }

  /// Whether an access of `bytes` at physical `at` may happen. The lowest entry that covers any of
  /// the bytes decides, and must cover them all; where none does, only M-mode may.
  boolean allows(long at, int bytes, int access, int privilege) {
    if (open) {
      return true;
    }
    long end = at + bytes;
    for (int i = 0; i < ENTRIES; i++) {
      if (at < to[i] && from[i] < end) {
        if (at < from[i] || end > to[i]) {
          return false;
        }
        if (privilege == Privilege.MACHINE && (config[i] & LOCKED) == 0) {
          return true;
        }
        int needed = access == Mmu.FETCH ? X : access == Mmu.LOAD ? R : W;
        return (config[i] & needed) != 0;
      }
    }
    return privilege == Privilege.MACHINE;
  }

  /// Whether one answer holds for all bytes of a page, so that a buffer may keep it.
  boolean uniform(long page) {
    if (open) {
      return true;
    }
    long end = page + CodePage.BYTES;
    for (int i = 0; i < ENTRIES; i++) {
      if (page < to[i] && from[i] < end) {
        return from[i] <= page && end <= to[i];
      }
    }
    return true;
  }
}
