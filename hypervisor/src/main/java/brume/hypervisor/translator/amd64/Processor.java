package brume.hypervisor.translator.amd64;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What processor this is.
final class Processor {
  /// As Linux calls them. All processors have them that were made since about 2013.
  private static final Set<String> NEEDED =
      Set.of("avx", "bmi1", "bmi2", "abm", "popcnt", "fma", "sse4_1");

  private Processor() {}

  /// Whether machine code made here would run.
  static boolean fits() {
    return System.getProperty("os.name").equals("Linux")
        && System.getProperty("os.arch").equals("amd64")
        && flags().containsAll(NEEDED);
  }

  private static List<String> flags() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("flags"))
          .findFirst()
          .map(line -> Arrays.asList(line.split("\\s+")))
          .orElse(List.of());
    } catch (IOException e) {
      return List.of();
    }
  }
}
