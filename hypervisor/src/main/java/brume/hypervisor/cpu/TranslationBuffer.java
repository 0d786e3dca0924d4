package brume.hypervisor.cpu;

import brume.hypervisor.memory.HostMemory;
import java.util.Arrays;
import java.util.function.LongPredicate;

/// Recent translations of one kind of access: sets of two ways. A way is a tag (the page's virtual
/// address with a context number in its low 12 bits; 0 for none) and the addend, what to add to a
/// virtual address to get the host's. Instructions look at the first way of a set themselves.
final class TranslationBuffer {
  static final int SETS = 2048;
  static final int SET_BYTES = 32;
  static final int WAY = 16;
  static final int ADDEND = 8;
  static final int BYTES = SETS * SET_BYTES;
  static final int SLOT_SHIFT = 7;
  static final int SLOT_MASK = SET_BYTES * (SETS - 1);

  private final long[] state;
  private final int at;

  /// @param at its place in a hart's block
  TranslationBuffer(long[] state, int at) {
    this.state = state;
    this.at = at;
  }

  /// How far from the start the set for an address lies.
  static long slot(long address) {
    return address >>> SLOT_SHIFT & SLOT_MASK;
  }

  private static long page(long tag) {
    return tag & -CodePage.BYTES;
  }

  void clear() {
    Arrays.fill(state, at / Long.BYTES, (at + BYTES) / Long.BYTES, 0);
  }

  /// The page of an address is not known any more, in whatever context.
  void forget(long address) {
    long set = at + slot(address);
    HostMemory.setElement(state, set, 0);
    HostMemory.setElement(state, set + WAY, 0);
  }

  /// The same in one context.
  void forgetTag(long tag) {
    long set = at + slot(tag);
    for (long way = set; way <= set + WAY; way += WAY) {
      if (HostMemory.element(state, way) == tag) {
        HostMemory.setElement(state, way, 0);
      }
    }
  }

  void fill(long address, long tag, long addend) {
    long set = at + slot(address);
    moveToSecond(set);
    HostMemory.setElement(state, set, tag);
    HostMemory.setElement(state, set + ADDEND, addend);
  }

  private void moveToSecond(long set) {
    HostMemory.setElement(state, set + WAY, HostMemory.element(state, set));
    HostMemory.setElement(state, set + WAY + ADDEND, HostMemory.element(state, set + ADDEND));
  }

  /// Whether the page is its set's second; it is then the first.
  boolean promote(long address, long tag) {
    long set = at + slot(address);
    if (HostMemory.element(state, set + WAY) != tag) {
      return false;
    }
    long addend = HostMemory.element(state, set + WAY + ADDEND);
    moveToSecond(set);
    HostMemory.setElement(state, set, tag);
    HostMemory.setElement(state, set + ADDEND, addend);
    return true;
  }

  boolean isFirst(long address, long tag) {
    return HostMemory.element(state, at + slot(address)) == tag;
  }

  /// The host's address, by the first way.
  long host(long address) {
    return HostMemory.element(state, at + slot(address) + ADDEND) + address;
  }

  /// Forgets what leads to host pages that `unwanted` accepts. Answers their host addresses.
  long[] drop(LongPredicate unwanted) {
    long[] dropped = new long[4];
    int count = 0;
    for (long way = at; way < at + BYTES; way += WAY) {
      long tag = HostMemory.element(state, way);
      long host = HostMemory.element(state, way + ADDEND) + page(tag);
      if (tag != 0 && unwanted.test(host)) {
        HostMemory.setElement(state, way, 0);
        if (count == dropped.length) {
          dropped = Arrays.copyOf(dropped, 2 * count);
        }
        dropped[count++] = host;
      }
    }
    return Arrays.copyOf(dropped, count);
  }
}
