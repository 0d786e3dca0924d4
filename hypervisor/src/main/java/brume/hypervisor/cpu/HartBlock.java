package brume.hypervisor.cpu;

/// The places of what instructions of a hart touch all the time, in one array, so that one register
/// of the host leads to all of it: registers, the translation buffers, and what goes into
/// translated code and comes out of it. In bytes; all of it longs.
///
/// ```
///    0  x0 to x31, and the one that takes what is written to x0
///  264  f0 to f31
///  520  number of the data context
///  528  virtual address of the page being executed
///  536  credit
/// 1024  buffer of loads, then that of stores
/// ```
final class HartBlock {
  static final int X = 0;
  static final int F = 264;
  static final int CONTEXT = 520;
  static final int PAGE_BASE = 528;
  static final int CREDIT = 536;
  static final int LOADS = 1024;
  static final int STORES = LOADS + TranslationBuffer.BYTES;
  private static final int BYTES = STORES + TranslationBuffer.BYTES;

  private HartBlock() {}

  static long[] create() {
    return new long[BYTES / Long.BYTES];
  }
}
