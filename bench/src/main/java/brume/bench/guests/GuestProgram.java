package brume.bench.guests;

import java.util.Locale;

/// A program of the set, how often it does its work, and the sum it must give then. The sums were
/// computed by the host from the same source (`bench/src/guest/build.sh PROGRAM N`); that of `cold`
/// is 0 here, as it is known when [ColdCode] has made it. The full size takes QEMU some 2 to 4 s,
/// the quick one a tenth.
enum GuestProgram {
  MIX(Workload.INTEGER, 35_000, 0x99b2cf3838fbd59bL, 3_500, 0xf254fe90c27493a1L),
  SIEVE(Workload.INTEGER, 140, 0x973f5cc8ae228b98L, 14, 0xfffe8c53c2001923L),
  CRC32(Workload.INTEGER, 4_500, 0x9dccd033L, 450, 0xf12af93L),
  SHA256(Workload.INTEGER, 2_200, 0x3fb83bb6ae667685L, 220, 0x29d10d6d15706330L),
  MATRIX(Workload.INTEGER, 1_000, 0x5ba307a5c827688eL, 100, 0x385a500b5ab0313dL),
  FIB(Workload.CALLS, 39, 0x3c50ea2L, 34, 0x5704e7L),
  SORT(Workload.CALLS, 125, 0x598c1f2f3bb18ac1L, 12, 0xc24723e05748fd01L),
  INTERPRETER(Workload.CALLS, 100, 0xc11e741629034f0fL, 10, 0x8fd79ddef8858cbcL),
  COPY(Workload.MEMORY, 3_000, 0x834e4dd04f8e45fcL, 300, 0x7575cc7fe22840d1L),
  TRIAD(Workload.MEMORY, 2_000, 0xf84b9eabf17723d5L, 200, 0x456e7ee0afe12a77L),
  CHASE(Workload.MEMORY, 6_000, 0x7c7e23d6d4e21518L, 600, 0xb33df81dcac28220L),
  NBODY(Workload.FLOATING, 10_000, 0x27bbe4c8af76e312L, 1_000, 0xa6342743943ea4d5L),
  LINPACK(Workload.FLOATING, 300, 0x6523dd59f3c38632L, 30, 0xbf559fe98a7f01b2L),
  MANDELBROT(Workload.FLOATING, 80, 0x2f2acc03f790af67L, 8, 0x2cefa52795b6138eL),
  GETPPID(Workload.SYSTEM, 2_000_000, 0xaefb9473cdfc500L, 200_000, 0x58d1f3b8e45f2080L),
  FORK(Workload.SYSTEM, 2_000, 0xe99271cf39fb3d00L, 200, 0x691c2df4278a2480L),
  FAULT(Workload.SYSTEM, 80, 0x2c1033e6acbd4140L, 8, 0xae85eb45af04ce60L),
  PIPE(Workload.PIPES, 20_000, 0x62126e60ad872290L, 2_000, 0x67f534f084a35dd8L),
  MODIFY(Workload.MODIFIED, 200_000, 0xfffffffffffffabfL, 20_000, 0xfffffffffffff9dfL),
  COLD(Workload.COLD, 30_000, 0, 3_000, 0);

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
