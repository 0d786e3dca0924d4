package brume.hypervisor.cli;

import brume.hypervisor.machine.MachineCounters;
import brume.hypervisor.translator.TranslatorStatistics;
import java.util.Locale;

/// What `--stats` says: one line.
final class Statistics {
  private Statistics() {}

  static String of(MachineCounters counters, long wallNanos, TranslatorStatistics translator) {
    double cpuSeconds = counters.cpuNanos() / 1e9;
    double millions = counters.instructions() / 1e6;
    return String.format(
        Locale.ROOT,
        "brume vm: %d instructions, wall %.3f s, cpu %.3f s, %.1f million instructions/s,"
            + " memory touched %.1f MiB, disk read %d written %d bytes,"
            + " translated %d regions of %d instructions in %.3f s",
        counters.instructions(),
        wallNanos / 1e9,
        cpuSeconds,
        cpuSeconds > 0 ? millions / cpuSeconds : 0,
        counters.memoryTouchedBytes() / 1048576.0,
        counters.disk().bytesToGuest(),
        counters.disk().bytesFromGuest(),
        translator.regions(),
        translator.instructions(),
        translator.compileNanos() / 1e9);
  }
}
