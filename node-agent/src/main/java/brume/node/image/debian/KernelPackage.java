package brume.node.image.debian;

import brume.node.image.ImageException.ContentRefused;
import brume.node.image.ImageProgress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tukaani.xz.XZInputStream;

/// What is taken out of Debian's kernel package: the kernel, and some modules with all that they
/// need.
///
/// @param release as `uname -r` will say it
/// @param modules uncompressed, by name
record KernelPackage(String release, Map<String, byte[]> modules) {
  private static final Pattern KERNEL = Pattern.compile("boot/vmlinu[xz]-([A-Za-z0-9.+~_-]+)");
  private static final Pattern MODULE =
      Pattern.compile("(?:usr/)?lib/modules/[^/]+/kernel/(?:[^/]+/)*([^/]+)\\.ko(\\.xz)?");
  private static final Pattern BUILT_IN =
      Pattern.compile("(?:usr/)?lib/modules/[^/]+/modules\\.builtin");

  private static final int MODULE_BYTES_MAX = 64 << 20;
  private static final int ROUNDS_MAX = 4;

  /// "RSC\x05" at 0x38 (Documentation/arch/riscv/boot-image-header.rst).
  private static final int RISCV_MAGIC_AT = 0x38;

  private static final int RISCV_MAGIC = 0x05435352;

  /// @param kernel where the kernel is written
  static KernelPackage unpack(Path deb, List<String> wanted, Path kernel, ImageProgress progress)
      throws IOException, ContentRefused {
    Reading reading = new Reading(kernel);
    Set<String> missing = new LinkedHashSet<>(wanted);
    // What today's modules need, so that one pass is enough as long as that does not change.
    missing.addAll(List.of("failover", "net_failover", "mbcache", "jbd2", "crc16"));
    for (int round = 0; round < ROUNDS_MAX && !missing.isEmpty(); round++) {
      reading.wanted = missing;
      DebFile.read(deb, reading, progress);
      missing = reading.missing(wanted);
    }
    if (reading.release.isEmpty() || !missing.isEmpty()) {
      throw new ContentRefused(
          deb + " holds no kernel, or lacks the modules " + missing + ": report it, please");
    }
    requireKernel(kernel);
    reading.modules.keySet().retainAll(reading.closure(wanted));
    return new KernelPackage(reading.release, Map.copyOf(reading.modules));
  }

  private static void requireKernel(Path kernel) throws IOException, ContentRefused {
    byte[] head;
    try (InputStream in = Files.newInputStream(kernel)) {
      head = in.readNBytes(64);
    }
    if (head.length < 64
        || java.nio.ByteBuffer.wrap(head)
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .getInt(RISCV_MAGIC_AT)
            != RISCV_MAGIC) {
      throw new ContentRefused("the package's kernel is not an uncompressed RISC-V image");
    }
  }

  private static final class Reading implements DebFile.Taker {
    private final Path kernel;
    private final Map<String, byte[]> modules = new HashMap<>();
    private final Set<String> builtIn = new LinkedHashSet<>();
    private Set<String> wanted = Set.of();
    private String release = "";

    Reading(Path kernel) {
      this.kernel = kernel;
    }

    @Override
    public boolean take(String path, long size, InputStream content)
        throws IOException, ContentRefused {
      Matcher kernelPath = KERNEL.matcher(path);
      Matcher modulePath = MODULE.matcher(path);
      if (kernelPath.matches() && release.isEmpty()) {
        release = kernelPath.group(1);
        Files.copy(content, kernel);
      } else if (modulePath.matches() && wanted.contains(modulePath.group(1))) {
        InputStream plain =
            modulePath.group(2) == null
                ? content
                : new XZInputStream(content, PackageIndex.XZ_MEMORY_KIB_MAX);
        byte[] module = plain.readNBytes(MODULE_BYTES_MAX + 1);
        if (module.length > MODULE_BYTES_MAX) {
          throw new ContentRefused(path + " has more than " + MODULE_BYTES_MAX + " bytes");
        }
        modules.put(modulePath.group(1), module);
      } else if (BUILT_IN.matcher(path).matches()) {
        readBuiltIn(content);
      }
      return release.isEmpty() || !modules.keySet().containsAll(wanted);
    }

    private void readBuiltIn(InputStream content) throws IOException {
      String list =
          new String(content.readNBytes(1 << 20), java.nio.charset.StandardCharsets.US_ASCII);
      list.lines()
          .map(line -> line.substring(line.lastIndexOf('/') + 1).replaceFirst("\\.ko$", ""))
          .forEach(builtIn::add);
    }

    /// What is needed and neither read yet nor part of the kernel.
    Set<String> missing(List<String> roots) throws ContentRefused {
      Set<String> missing = new LinkedHashSet<>(closure(roots));
      missing.removeAll(modules.keySet());
      return missing;
    }

    Set<String> closure(List<String> roots) throws ContentRefused {
      Set<String> closure = new LinkedHashSet<>();
      java.util.ArrayDeque<String> open = new java.util.ArrayDeque<>(roots);
      while (!open.isEmpty()) {
        String name = open.remove();
        byte[] module = modules.get(name);
        if (builtIn.contains(name) || !closure.add(name) || module == null) {
          continue;
        }
        open.addAll(MicroInitrd.depends(name, module));
      }
      return closure;
    }
  }
}
