package brume.hypervisor.reference;

/// Physical memory protection, privileged specification §3.7: 16 entries, 4-byte grain.
final class ReferenceProtection {
  static final int ENTRIES = 16;
  private static final int READ = 1, WRITE = 2, EXECUTE = 4, LOCK = 0x80;

  final int[] config = new int[ENTRIES];
  final long[] address = new long[ENTRIES];

  long readConfig(int firstEntry) {
    long value = 0;
    for (int i = 7; i >= 0; i--) {
      value = value << 8 | config[firstEntry + i];
    }
    return value;
  }

  void writeConfig(int firstEntry, long value) {
    for (int i = 0; i < 8; i++) {
      int byteValue = (int) (value >>> (8 * i)) & 0x9f;
      if ((byteValue & (READ | WRITE)) == WRITE) {
        byteValue &= ~(READ | WRITE | EXECUTE);
      }
      if ((config[firstEntry + i] & LOCK) == 0) {
        config[firstEntry + i] = byteValue;
      }
    }
  }

  void writeAddress(int entry, long value) {
    boolean lockedByNext =
        entry + 1 < ENTRIES && (config[entry + 1] & (LOCK | 0x18)) == (LOCK | 0x08);
    if ((config[entry] & LOCK) == 0 && !lockedByNext) {
      address[entry] = value & ((1L << 54) - 1);
    }
  }

  boolean allows(long physical, int length, Access access, int privilege) {
    for (int i = 0; i < ENTRIES; i++) {
      long from;
      long to;
      switch (config[i] >> 3 & 3) {
        case 0 -> {
          continue;
        }
        case 1 -> {
          from = i == 0 ? 0 : address[i - 1] << 2;
          to = address[i] << 2;
        }
        case 2 -> {
          from = address[i] << 2;
          to = from + 4;
        }
        default -> {
          int ones = Long.numberOfTrailingZeros(~address[i]);
          long size = 8L << ones;
          from = address[i] << 2 & -size;
          to = from + size;
        }
      }
      boolean touches = from < to && physical < to && physical + length > from;
      if (!touches) {
        continue;
      }
      if (physical < from || physical + length > to) {
        return false;
      }
      if (privilege == 3 && (config[i] & LOCK) == 0) {
        return true;
      }
      int need =
          switch (access) {
            case FETCH -> EXECUTE;
            case LOAD -> READ;
            case STORE -> WRITE;
          };
      return (config[i] & need) != 0;
    }
    return privilege == 3;
  }
}
