package brume.bench.guests;

import java.util.Locale;

/// A program of the set, how often it does its work, and the sum it must give then. The sums were
/// computed by the host from the same source (`bench/src/guest/build.sh PROGRAM N`); that of `cold`
/// is 0 here, as it is known when [ColdCode] has made it. The full size takes Brume some 5 to 15 s
/// of which 2 are the boot, so that this is counted but does not rule (cold code: no more is made);
/// the quick one a hundredth or so.
enum GuestProgram {
  MIX(Workload.INTEGER, 400_000, 0x6fd5418817ce74b2L, 3_500, 0xf254fe90c27493a1L),
  SIEVE(Workload.INTEGER, 2_000, 0xa2c7d1558ab162c0L, 14, 0xfffe8c53c2001923L),
  CRC32(Workload.INTEGER, 48_000, 0x29529061L, 450, 0xf12af93L),
  SHA256(Workload.INTEGER, 17_600, 0x7f74d2e846adffdbL, 220, 0x29d10d6d15706330L),
  MATRIX(Workload.INTEGER, 8_000, 0x86ad0e1cf91f0784L, 100, 0x385a500b5ab0313dL),
  FIB(Workload.CALLS, 45, 0x43a53f82L, 34, 0x5704e7L),
  SORT(Workload.CALLS, 1_500, 0xcc3ffebb68784b1cL, 12, 0xc24723e05748fd01L),
  INTERPRETER(Workload.CALLS, 1_200, 0x6cd1190ef6ee46a7L, 10, 0x8fd79ddef8858cbcL),
  COPY(Workload.MEMORY, 60_000, 0x4fc88fc535536739L, 300, 0x7575cc7fe22840d1L),
  TRIAD(Workload.MEMORY, 30_000, 0x966d29ddb4ac4f6eL, 200, 0x456e7ee0afe12a77L),
  CHASE(Workload.MEMORY, 240_000, 0x2a9b20ed107bf0f0L, 600, 0xb33df81dcac28220L),
  NBODY(Workload.FLOATING, 300_000, 0x6f32359de2d56f2fL, 1_000, 0xa6342743943ea4d5L),
  LINPACK(Workload.FLOATING, 12_000, 0x5132a22c8d8220f1L, 30, 0xbf559fe98a7f01b2L),
  MANDELBROT(Workload.FLOATING, 2_400, 0xc51eb6fd37af3519L, 8, 0x2cefa52795b6138eL),
  GETPPID(Workload.SYSTEM, 18_000_000, 0x4220390a5885ed00L, 200_000, 0x58d1f3b8e45f2080L),
  FORK(Workload.SYSTEM, 16_000, 0xbeb0993a2ef8e800L, 200, 0x691c2df4278a2480L),
  FAULT(Workload.SYSTEM, 1_200, 0x3db8e69cb4eb99c0L, 8, 0xae85eb45af04ce60L),
  PIPE(Workload.PIPES, 400_000, 0x16774fe609767340L, 2_000, 0x67f534f084a35dd8L),
  MODIFY(Workload.MODIFIED, 1_600_000, 0xfffffffffffffdffL, 20_000, 0xfffffffffffff9dfL),
  COLD(Workload.COLD, 100_000, 0, 10_000, 0);

  private final Workload workload;
  private final long times;
  private final long sum;
  private final long quickTimes;
  private final long quickSum;

  /// @param times how often the work is done
  /// @param sum what comes out
  record Size(long times, long sum) {}

  GuestProgram(Workload workload, long times, long sum, long quickTimes, long quickSum) {
    this.workload = workload;
    this.times = times;
    this.sum = sum;
    this.quickTimes = quickTimes;
    this.quickSum = quickSum;
  }

  Workload workload() {
    return workload;
  }

  Size size(boolean quickly) {
    return quickly ? new Size(quickTimes, quickSum) : new Size(times, sum);
  }

  /// As the guest's `init` knows it.
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
