package brume.hypervisor.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// The newest debian-micro of the user's cache. A test that asks for it is skipped where the image
/// has not been made yet, as that needs a Debian mirror.
record DebianImage(Path kernel, Path initrd, String commandLine) {
  static DebianImage cached() throws IOException {
    Path images = Path.of(System.getProperty("user.home"), ".cache/brume/images");
    if (Files.isDirectory(images)) {
      try (Stream<Path> found = Files.list(images)) {
        List<Path> ready =
            found.filter(image -> Files.exists(image.resolve("manifest"))).sorted().toList();
        if (!ready.isEmpty()) {
          return in(ready.getLast());
        }
      }
    }
    return Assumptions.abort("debian-micro is not in the cache; ./brume tour makes it");
  }

  private static DebianImage in(Path image) throws IOException {
    try (Stream<String> lines = Files.lines(image.resolve("manifest"))) {
      String append = lines.filter(line -> line.startsWith("append ")).findFirst().orElseThrow();
      return new DebianImage(
          image.resolve("kernel"), image.resolve("initrd"), append.substring("append ".length()));
    }
  }
}
