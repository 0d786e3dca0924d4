package brume.bench.billing;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;

/// Time since it was made, by the clock and of the processors: of this JVM, and of the database's
/// processes that are still there. On a busy machine the latter say more.
final class Spent {
  private final long postmaster;
  private final long begun = System.nanoTime();
  private final double jvm;
  private final double database;

  /// @param postmaster the database's first process
  Spent(long postmaster) {
    this.postmaster = postmaster;
    this.jvm = jvmSeconds();
    this.database = databaseSeconds();
  }

  double seconds() {
    return (System.nanoTime() - begun) / 1e9;
  }

  void print() {
    System.out.printf(
        "  processor seconds: %.1f of the JVM, %.1f of the database%n",
        jvmSeconds() - jvm, databaseSeconds() - database);
  }

  private static double jvmSeconds() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime() / 1e9
        : 0;
  }

  private double databaseSeconds() {
    return ProcessHandle.of(postmaster).stream()
            .flatMap(ProcessHandle::children)
            .map(child -> child.info().totalCpuDuration())
            .flatMap(Optional::stream)
            .mapToLong(Duration::toMillis)
            .sum()
        / 1e3;
  }
}
