package brume.hypervisor.cpu;

import brume.hypervisor.memory.HostMemory;
import org.jspecify.annotations.Nullable;

/// Where machine code finds the machine code that it jumps to, without coming back: by address and
/// context, the region that starts there. It lies in the hart's block; native code only reads it.
///
/// An entry holds for one *key*, a generation with the number of the fetch context. Whatever makes
/// an entry wrong (a fence for a page with code, code that has changed) begins a new generation, so
/// nothing is ever searched for, and entries for pages of data are never touched. Like every
/// translation, one that is in use stays so until the guest's next fence.
final class JumpCache {
  static final int ENTRIES = 4_096;
  static final int ENTRY_BYTES = 32;
  static final int BYTES = ENTRIES * ENTRY_BYTES;

  /// In an entry: address, key, and where the region's own way in is.
  static final int KEY = 8;

  static final int WAY_IN = 16;

  /// The place of an address: what is above its page, mixed into what is below.
  static final int PAGE_SHIFT = 12;

  static final int SLOT_MASK = 2 * ENTRIES - 2;
  static final int SLOT_SHIFT = 4;

  private static final int CONTEXT_BITS = 12;
  private static final int PAGES = 4_096;

  private final long[] state;

  /// What the entries lead to lives as long as they do.
  private final @Nullable TranslatedCode[] owners = new TranslatedCode[ENTRIES];

  /// Pages of code that entries depend on, hashed, a bit for each.
  private final long[] pages = new long[PAGES / Long.SIZE];

  private long generation = 1;
  private long context;
  private volatile boolean old;

  JumpCache(long[] state) {
    this.state = state;
  }

  /// The fetch context of what is executed from here on.
  void enterContext(long number) {
    context = number;
    writeKey();
  }

  private void writeKey() {
    HostMemory.setElement(state, HartBlock.JUMP_KEY, generation << CONTEXT_BITS | context);
  }

  private static int slot(long address) {
    return (int) ((address >>> PAGE_SHIFT ^ address) & SLOT_MASK) << SLOT_SHIFT;
  }

  /// `code` starts at an address, in the context of now.
  void put(long address, TranslatedCode code, long wayIn) {
    int slot = slot(address);
    owners[slot / ENTRY_BYTES] = code;
    long entry = HartBlock.JUMPS + slot;
    HostMemory.setElement(state, entry, address);
    HostMemory.setElement(state, entry + KEY, HostMemory.element(state, HartBlock.JUMP_KEY));
    HostMemory.setElement(state, entry + WAY_IN, wayIn);
    HostMemory.setElement(state, HartBlock.JUMP_SLOT, slot);
    dependOn(address);
  }

  void dependOn(long address) {
    int page = hash(address);
    pages[page >>> 6] |= 1L << page;
  }

  /// The region that native code was in when it came back.
  TranslatedCode last() {
    int slot = (int) HostMemory.element(state, HartBlock.JUMP_SLOT);
    TranslatedCode code = owners[slot / ENTRY_BYTES];
    if (code == null) {
      throw new AssertionError(slot);
    }
    return code;
  }

  private static int hash(long address) {
    long page = address >>> PAGE_SHIFT;
    return (int) (page ^ page >>> 12) & PAGES - 1;
  }

  /// The page of an address may be another one now.
  void forget(long address) {
    int page = hash(address);
    if ((pages[page >>> 6] >>> page & 1) != 0) {
      renew();
    }
  }

  /// Nothing is known any more. On the hart's own thread.
  void renew() {
    old = false;
    java.util.Arrays.fill(pages, 0);
    generation++;
    writeKey();
  }

  /// Some code of the guest has changed. Any thread; the hart hears of it when it next comes into
  /// translated code, or executes `fence.i`.
  void outdate() {
    old = true;
  }

  void renewIfOld() {
    if (old) {
      renew();
    }
  }
}
