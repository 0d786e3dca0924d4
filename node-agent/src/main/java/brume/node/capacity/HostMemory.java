package brume.node.capacity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// The host's memory as Linux tells it: `MemAvailable` of `/proc/meminfo`, lowered by the limits of
/// the control groups this process is in (version 2 `memory.max`, version 1
/// `memory.limit_in_bytes`). Page cache counts as used in a control group and can be given back, so
/// it is taken off the usage. On a system without `/proc` the JVM says what it knows.
public final class HostMemory implements MemoryProbe {
  private static final String V1_ROOT = "sys/fs/cgroup/memory";
  private static final String V2_ROOT = "sys/fs/cgroup";

  private final Path root;

  public HostMemory() {
    this(Path.of("/"));
  }

  /// @param root where `proc` and `sys` are found
  HostMemory(Path root) {
    this.root = root;
  }

  @Override
  public long totalBytes() {
    long total = meminfo("MemTotal").orElseGet(HostMemory::totalOfTheJvm);
    for (Path group : groups()) {
      total = Math.min(total, limit(group));
    }
    return total;
  }

  @Override
  public long availableBytes() {
    long available = meminfo("MemAvailable").orElseGet(HostMemory::freeOfTheJvm);
    for (Path group : groups()) {
      long limit = limit(group);
      if (limit < Long.MAX_VALUE) {
        available = Math.min(available, Math.max(0, limit - inUse(group)));
      }
    }
    return available;
  }

  /// A limit so large that it stands for none is MAX_VALUE.
  private static long limit(Path group) {
    OptionalLong limit = number(group.resolve("memory.max"));
    if (limit.isEmpty()) {
      limit = number(group.resolve("memory.limit_in_bytes"));
    }
    return limit.isEmpty() || limit.getAsLong() > 1L << 60 ? Long.MAX_VALUE : limit.getAsLong();
  }

  private static long inUse(Path group) {
    OptionalLong current = number(group.resolve("memory.current"));
    if (current.isEmpty()) {
      current = number(group.resolve("memory.usage_in_bytes"));
    }
    long cache = 0;
    for (String line : lines(group.resolve("memory.stat"))) {
      if (line.startsWith("inactive_file ") || line.startsWith("total_inactive_file ")) {
        cache = Math.max(cache, digits(line.substring(line.indexOf(' ') + 1)).orElse(0));
      }
    }
    return Math.max(0, current.orElse(0) - cache);
  }

  /// The groups this process is in, with all above them: each one's limit holds. In a container the
  /// path that `/proc/self/cgroup` names may not be visible; its root is, and holds the limit.
  private List<Path> groups() {
    List<Path> groups = new ArrayList<>();
    for (String line : lines(root.resolve("proc/self/cgroup"))) {
      String[] fields = line.split(":", 3);
      if (fields.length < 3) {
        continue;
      }
      boolean second = fields[0].equals("0") && fields[1].isEmpty();
      boolean first = List.of(fields[1].split(",")).contains("memory");
      if (second || first) {
        Path top = root.resolve(second ? V2_ROOT : V1_ROOT);
        Path group = top.resolve(fields[2].replaceFirst("^/+", "")).normalize();
        for (Path one = group; one != null && one.startsWith(top); one = one.getParent()) {
          groups.add(one);
        }
      }
    }
    return groups;
  }

  private OptionalLong meminfo(String name) {
    for (String line : lines(root.resolve("proc/meminfo"))) {
      if (line.startsWith(name + ":")) {
        String kibibytes = line.substring(name.length() + 1).replace("kB", "").strip();
        OptionalLong value = digits(kibibytes);
        return value.isPresent() ? OptionalLong.of(value.getAsLong() * 1024) : value;
      }
    }
    return OptionalLong.empty();
  }

  private static OptionalLong number(Path file) {
    List<String> lines = lines(file);
    return lines.isEmpty() ? OptionalLong.empty() : digits(lines.getFirst().strip());
  }

  private static OptionalLong digits(String text) {
    return text.matches("[0-9]{1,18}|[0-9]{19}")
        ? OptionalLong.of(parsedOrMax(text))
        : OptionalLong.empty();
  }

  private static long parsedOrMax(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException beyondLong) {
      return Long.MAX_VALUE;
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException | UncheckedIOException unreadable) {
      return List.of();
    }
  }

  private static long totalOfTheJvm() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean host
        ? host.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }

  private static long freeOfTheJvm() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean host
        ? host.getFreeMemorySize()
        : Runtime.getRuntime().freeMemory();
  }
}
