package brume.hypervisor.cpu;

import java.util.Arrays;

/// What single loads in machine code found when they last looked at the translation buffer: entries
/// as there, tag and addend. A load in a loop compares its own entry, whose place is known to the
/// host long before the address is. There is none for stores: what a hart may still store to must
/// be found where a page becomes code.
final class LoadSites {
  static final int SITES = 128;
  static final int SITE_BYTES = 16;
  static final int BYTES = SITES * SITE_BYTES;

  private static final int FROM = HartBlock.SITES / Long.BYTES;

  private LoadSites() {}

  static void clear(long[] state) {
    Arrays.fill(state, FROM, FROM + BYTES / Long.BYTES, 0);
  }
}
