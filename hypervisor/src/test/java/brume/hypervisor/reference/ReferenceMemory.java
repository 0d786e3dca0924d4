package brume.hypervisor.reference;

import java.util.BitSet;

/// Little-endian RAM of the reference machine, and nothing around it.
///
/// It remembers what was written since the last fence, as a hart may go on with what it read of
/// code and page tables before: [#usedStale] tells that from then on the architecture leaves open
/// what happens.
public final class ReferenceMemory {
  private final long base;
  private final byte[] bytes;

  private final BitSet unfencedCode = new BitSet();
  private final BitSet unfencedTables = new BitSet();
  private boolean usedStale;

  public ReferenceMemory(long base, int size) {
    this.base = base;
    this.bytes = new byte[size];
  }

  public long base() {
    return base;
  }

  public byte[] bytes() {
    return bytes;
  }

  public boolean contains(long address, int length) {
    long offset = address - base;
    return offset >= 0 && offset <= bytes.length - length;
  }

  public long load(long address, int length) {
    long value = 0;
    for (int i = length - 1; i >= 0; i--) {
      value = value << 8 | (bytes[Math.toIntExact(address - base + i)] & 0xff);
    }
    return value;
  }

  public void store(long address, int length, long value) {
    for (int i = 0; i < length; i++) {
      bytes[Math.toIntExact(address - base + i)] = (byte) (value >>> (8 * i));
    }
  }

  private int unit(long address) {
    return Math.toIntExact(address - base) >> 1;
  }

  /// A store of the program, where the hart's own page table updates use [#store].
  void storeByProgram(long address, int length, long value) {
    store(address, length, value);
    int from = unit(address);
    int to = unit(address + length - 1) + 1;
    unfencedCode.set(from, to);
    unfencedTables.set(from, to);
  }

  int fetch(long address) {
    usedStale |= unfencedCode.get(unit(address));
    return (int) load(address, 2);
  }

  long loadEntry(long address) {
    usedStale |=
        unfencedTables.nextSetBit(unit(address)) < unit(address) + 4
            && unfencedTables.nextSetBit(unit(address)) >= 0;
    return load(address, 8);
  }

  void fenceCode() {
    unfencedCode.clear();
  }

  void fenceTables() {
    unfencedTables.clear();
  }

  boolean usedStale() {
    return usedStale;
  }

  void fenceAll() {
    fenceCode();
    fenceTables();
    usedStale = false;
  }
}
