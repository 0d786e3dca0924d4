package brume.bench.guests;

import java.util.Locale;

/// A program of the set, how often it does its work, and the sum it must give then. The sums were
/// computed by the host from the same source (`bench/src/guest/build.sh PROGRAM N`); that of `cold`
/// is 0 here, as it is known when [ColdCode] has made it. The full size takes QEMU some 8 to 15 s,
/// so that what a run begins with does not rule it; the quick one a hundredth.
enum GuestProgram {
  MIX(Workload.INTEGER, 280_000, 0x28d31505a243fb0dL, 3_500, 0xf254fe90c27493a1L),
  SIEVE(Workload.INTEGER, 1_120, 0x37b713cb05238740L, 14, 0xfffe8c53c2001923L),
  CRC32(Workload.INTEGER, 36_000, 0x8d01f006L, 450, 0xf12af93L),
  SHA256(Workload.INTEGER, 17_600, 0x7f74d2e846adffdbL, 220, 0x29d10d6d15706330L),
  MATRIX(Workload.INTEGER, 8_000, 0x86ad0e1cf91f0784L, 100, 0x385a500b5ab0313dL),
  FIB(Workload.CALLS, 43, 0x19d699a5L, 34, 0x5704e7L),
  SORT(Workload.CALLS, 1_000, 0xa890ce45c72db099L, 12, 0xc24723e05748fd01L),
  INTERPRETER(Workload.CALLS, 800, 0x94cab46295f10440L, 10, 0x8fd79ddef8858cbcL),
  COPY(Workload.MEMORY, 30_000, 0xe563806227a308eaL, 300, 0x7575cc7fe22840d1L),
  TRIAD(Workload.MEMORY, 20_000, 0xe4751e308e97505eL, 200, 0x456e7ee0afe12a77L),
  CHASE(Workload.MEMORY, 60_000, 0x5fe431b089f164d8L, 600, 0xb33df81dcac28220L),
  NBODY(Workload.FLOATING, 100_000, 0x56c17d0afa66676fL, 1_000, 0xa6342743943ea4d5L),
  LINPACK(Workload.FLOATING, 4_000, 0x27d4828e24312c65L, 30, 0xbf559fe98a7f01b2L),
  MANDELBROT(Workload.FLOATING, 800, 0x2857a7917201a631L, 8, 0x2cefa52795b6138eL),
  GETPPID(Workload.SYSTEM, 12_000_000, 0x807c43e2ac849e00L, 200_000, 0x58d1f3b8e45f2080L),
  FORK(Workload.SYSTEM, 16_000, 0xbeb0993a2ef8e800L, 200, 0x691c2df4278a2480L),
  FAULT(Workload.SYSTEM, 640, 0xf99b1c3fb288400L, 8, 0xae85eb45af04ce60L),
  PIPE(Workload.PIPES, 160_000, 0xec11cf5925db8480L, 2_000, 0x67f534f084a35dd8L),
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
