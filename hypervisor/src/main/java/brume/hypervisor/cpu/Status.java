package brume.hypervisor.cpu;

/// Fields of `mstatus` and, the same bits, `sstatus`: RISC-V privileged §3.1.6.
final class Status {
  static final long SIE = 1 << 1;
  static final long MIE = 1 << 3;
  static final long SPIE = 1 << 5;
  static final long MPIE = 1 << 7;
  static final long SPP = 1 << 8;
  static final int MPP_SHIFT = 11;
  static final long MPP = 3 << MPP_SHIFT;
  static final long FS = 3 << 13;
  static final long MPRV = 1 << 17;
  static final long SUM = 1 << 18;
  static final long MXR = 1 << 19;
  static final long TVM = 1 << 20;
  static final long TW = 1 << 21;
  static final long TSR = 1 << 22;

  /// UXL and SXL: 64 bits, and nothing else.
  static final long XLENS = 2L << 32 | 2L << 34;

  static final long UXL = 2L << 32;
  static final long SD = 1L << 63;

  static final long SUPERVISOR_WRITABLE = SIE | SPIE | SPP | FS | SUM | MXR;
  static final long MACHINE_WRITABLE = SUPERVISOR_WRITABLE | MIE | MPIE | MPRV | TVM | TW | TSR;

  /// What decides how addresses of loads and stores are translated, besides the privilege.
  static final long TRANSLATION = MPRV | MPP | SUM | MXR;

  private Status() {}
}
