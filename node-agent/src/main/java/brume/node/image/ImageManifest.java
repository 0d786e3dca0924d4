package brume.node.image;

import brume.contract.Checks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The file `manifest` of an image folder: text, a key and its value on each line, `#` for remarks.
///
/// ```
/// brume-image 1
/// kernel vmlinux 31165952 <sha-256>
/// initrd initrd 4023808 <sha-256>
/// append console=ttyS0 quiet
/// min-memory-mib 96
/// origin <what it was made from>
/// ```
///
/// Size and digest may be left out by people who write one by hand: then the files are taken as
/// they are. `append` and `origin` may be missing, `origin` may come several times.
///
/// @param origins where the content comes from, for people
public record ImageManifest(
    Part kernel, Part initrd, String commandLine, int minMemoryMib, List<String> origins) {
  public static final String FILE_NAME = "manifest";

  /// COMMAND_LINE_SIZE of riscv is 1024 with the closing zero
  /// (arch/riscv/include/uapi/asm/setup.h).
  public static final int COMMAND_LINE_MAX = 1023;

  public static final int MEMORY_MIB_MAX = 1 << 20;
  public static final long PART_BYTES_MAX = 1L << 30;

  private static final int MANIFEST_BYTES_MAX = 64 << 10;
  private static final String FIRST_LINE = "brume-image 1";
  private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]{0,127}");
  private static final Pattern COMMAND_LINE = Pattern.compile("[\\x20-\\x7e]*");

  /// One file beside the manifest.
  ///
  /// @param size in bytes, or -1 where the manifest does not say
  /// @param sha256 null where the manifest does not say
  public record Part(String file, long size, @Nullable String sha256) {
    public Part {
      Checks.pattern("file", file, FILE);
      Checks.range(file + " bytes", size, -1, PART_BYTES_MAX);
      if (sha256 != null) {
        Checks.pattern(file + " sha256", sha256, Sha256.FORM);
      }
    }

    static Part of(Path folder, String file) throws IOException {
      Path path = folder.resolve(file);
      return new Part(file, Files.size(path), Sha256.of(path));
    }

    private static Part parse(String value) {
      String[] words = value.split(" ", -1);
      return switch (words.length) {
        case 1 -> new Part(words[0], -1, null);
        case 3 -> new Part(words[0], Long.parseLong(words[1]), words[2]);
        default ->
            throw new IllegalArgumentException(
                "a file needs its name, or its name, size and SHA-256: '" + value + "'");
      };
    }

    private String line() {
      return sha256 == null ? file : file + " " + size + " " + sha256;
    }
  }

  public ImageManifest {
    Checks.length("append", commandLine, 0, COMMAND_LINE_MAX);
    Checks.pattern("append", commandLine, COMMAND_LINE);
    Checks.range("min-memory-mib", minMemoryMib, 1, MEMORY_MIB_MAX);
    origins = List.copyOf(origins);
  }

  /// A manifest of files that lie in `folder` under the names `kernel` and `initrd`.
  public static ImageManifest of(
      Path folder, String commandLine, int minMemoryMib, List<String> origins) throws IOException {
    return new ImageManifest(
        Part.of(folder, "kernel"), Part.of(folder, "initrd"), commandLine, minMemoryMib, origins);
  }

  public static ImageManifest read(Path folder) throws IOException, ImageException {
    Path file = folder.resolve(FILE_NAME);
    if (Files.size(file) > MANIFEST_BYTES_MAX) {
      throw new ImageException.ContentRefused(
          file + " has more than " + MANIFEST_BYTES_MAX + " bytes: it is not a manifest");
    }
    try {
      return parse(Files.readString(file));
    } catch (IllegalArgumentException | java.nio.charset.CharacterCodingException e) {
      throw new ImageException.ContentRefused(
          file + " is not a manifest that can be used: " + e.getMessage(), e);
    }
  }

  static ImageManifest parse(String text) {
    List<String> lines =
        text.lines().map(String::strip).filter(l -> !l.isEmpty() && !l.startsWith("#")).toList();
    if (lines.isEmpty() || !lines.getFirst().equals(FIRST_LINE)) {
      throw new IllegalArgumentException("its first line must be '" + FIRST_LINE + "'");
    }
    Map<String, String> values = new LinkedHashMap<>();
    java.util.ArrayList<String> origins = new java.util.ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      int blank = line.indexOf(' ');
      String key = blank < 0 ? line : line.substring(0, blank);
      String value = blank < 0 ? "" : line.substring(blank + 1).strip();
      switch (key) {
        case "origin" -> origins.add(value);
        case "kernel", "initrd", "append", "min-memory-mib" -> {
          if (values.put(key, value) != null) {
            throw new IllegalArgumentException("'" + key + "' comes twice");
          }
        }
        default ->
            throw new IllegalArgumentException(
                "'" + key + "' is none of kernel, initrd, append, min-memory-mib, origin");
      }
    }
    return new ImageManifest(
        Part.parse(need(values, "kernel")),
        Part.parse(need(values, "initrd")),
        values.getOrDefault("append", ""),
        Integer.parseInt(need(values, "min-memory-mib")),
        origins);
  }

  private static String need(Map<String, String> values, String key) {
    String value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException("it has no line '" + key + "'");
    }
    return value;
  }

  public String text() {
    StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
    text.append("kernel ").append(kernel.line()).append('\n');
    text.append("initrd ").append(initrd.line()).append('\n');
    text.append("append ").append(commandLine).append('\n');
    text.append("min-memory-mib ").append(minMemoryMib).append('\n');
    origins.forEach(origin -> text.append("origin ").append(origin).append('\n'));
    return text.toString();
  }

  public void write(Path folder) throws IOException {
    Files.writeString(folder.resolve(FILE_NAME), text(), StandardCharsets.UTF_8);
  }
}
