package brume.node.image.debian;

import brume.node.image.ImageException.ContentRefused;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.commons.io.input.BoundedInputStream;
import org.tukaani.xz.XZInputStream;

/// The packages of a suite that matter here, read from its `Packages.xz`: the fields of each by its
/// name.
record PackageIndex(Map<String, Map<String, String>> packages) {
  /// What xz may use to unpack; `xz -9` needs 65 MiB.
  static final int XZ_MEMORY_KIB_MAX = 128 << 10;

  private static final String NAME = "Package: ";
  private static final Set<String> FIELDS =
      Set.of("Version", "Filename", "Size", "SHA256", "Depends");

  PackageIndex {
    packages = Map.copyOf(packages);
  }

  /// @param unpackedBytes how long the signed release says the unpacked index is
  static PackageIndex read(Path xz, long unpackedBytes, Predicate<String> wanted)
      throws IOException {
    Map<String, Map<String, String>> packages = new HashMap<>();
    try (InputStream file = Files.newInputStream(xz);
        InputStream plain = new XZInputStream(file, XZ_MEMORY_KIB_MAX);
        InputStream bounded =
            BoundedInputStream.builder().setInputStream(plain).setMaxCount(unpackedBytes).get();
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(bounded, StandardCharsets.UTF_8))) {
      Map<String, String> fields = Map.of();
      boolean taken = false;
      // An entry begins with its name and ends with an empty line (deb822(5)).
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith(NAME)) {
          String name = line.substring(NAME.length());
          taken = wanted.test(name);
          if (taken) {
            fields = new HashMap<>(Map.of("Package", name));
            packages.put(name, fields);
          }
        } else if (taken && !line.startsWith(" ")) {
          int colon = line.indexOf(": ");
          if (colon > 0 && FIELDS.contains(line.substring(0, colon))) {
            fields.put(line.substring(0, colon), line.substring(colon + 2));
          }
        }
      }
    }
    return new PackageIndex(packages);
  }

  DebianPackage need(String name) throws ContentRefused {
    Map<String, String> found = packages.get(name);
    if (found == null) {
      throw new ContentRefused(
          "the mirror's suite has no package '"
              + name
              + "': set "
              + Mirrors.VARIABLE
              + " to a mirror that carries riscv64");
    }
    return DebianPackage.of(found);
  }
}
