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
///  544  key of jumps, as [JumpCache] has it
///  552  place of the region that runs, in that cache
///  560  whether the host's floating point will do: not 0
///  568  exceptions of it, as the host has them, that native code found
///  576  whether native code has begun to look for them: not 0
///  584  what the processor is to do about them: nothing but record them (MXCSR)
///  592  mstatus, sscratch, sepc, scause, stval
///  632  privilege, as [Privilege] has it
///  640  whether `cbo.zero` is allowed: not 0
///  648  addends that machine code keeps for the block at hand
/// 1024  pages that loads in loops found last
/// 3072  buffer of loads, then that of stores, then the jumps
/// ```
final class HartBlock {
  static final int X = 0;
  static final int F = 264;
  static final int CONTEXT = 520;
  static final int PAGE_BASE = 528;
  static final int CREDIT = 536;
  static final int JUMP_KEY = 544;
  static final int JUMP_SLOT = 552;
  static final int PLAIN_FLOATS = 560;
  static final int RAISED = 568;
  static final int RECORDING = 576;
  static final int MXCSR = 584;
  static final int MSTATUS = 592;
  static final int SSCRATCH = 600;
  static final int SEPC = 608;
  static final int SCAUSE = 616;
  static final int STVAL = 624;
  static final int PRIVILEGE = 632;
  static final int MAY_ZERO = 640;
  static final int ADDENDS = 648;
  static final int ADDENDS_MAX = 16;
  static final int SITES = 1024;
  static final int LOADS = SITES + LoadSites.BYTES;
  static final int STORES = LOADS + TranslationBuffer.BYTES;
  static final int JUMPS = STORES + TranslationBuffer.BYTES;
  private static final int BYTES = JUMPS + JumpCache.BYTES;

  /// To nearest, all exceptions masked.
  private static final long MXCSR_VALUE = 0x1f80;

  private HartBlock() {}

  static long[] create() {
    long[] block = new long[BYTES / Long.BYTES];
    block[MXCSR / Long.BYTES] = MXCSR_VALUE;
    return block;
  }
}
