package brume.hypervisor.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Recent translations of fetches: by virtual page and context, as [Mmu#tag] makes them, the page
/// of decoded code. Direct-mapped.
final class FetchBuffer {
  private static final int ENTRIES = 1024;

  /// 0 for none.
  private final long[] tags = new long[ENTRIES];

  private final @Nullable CodePage[] pages = new CodePage[ENTRIES];
  private volatile boolean old;

  private static int slot(long address) {
    return (int) (address >>> 12) & (ENTRIES - 1);
  }

  @Nullable CodePage find(long address, long context) {
    int slot = slot(address);
    return tags[slot] == Mmu.tag(address, context) ? pages[slot] : null;
  }

  void fill(long address, long context, CodePage page) {
    int slot = slot(address);
    tags[slot] = Mmu.tag(address, context);
    pages[slot] = page;
  }

  /// The page of an address is not known any more, in whatever context.
  void forget(long address) {
    tags[slot(address)] = 0;
  }

  void forgetTag(long tag) {
    if (tags[slot(tag)] == tag) {
      tags[slot(tag)] = 0;
    }
  }

  void clear() {
    Arrays.fill(tags, 0);
  }

  /// Pages shall be looked up anew, which shows which of them are in use. Any thread.
  void outdate() {
    old = true;
  }

  /// On the hart's own thread, now and then.
  void clearIfOld() {
    if (old) {
      old = false;
      clear();
    }
  }
}
