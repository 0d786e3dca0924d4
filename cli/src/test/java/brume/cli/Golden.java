package brume.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Outputs that are kept to be read in a review. `BRUME_GOLDEN=write` in the environment writes
/// them anew.
final class Golden {
  private Golden() {}

  static void compare(Path file, String text) throws IOException {
    if ("write".equals(System.getenv("BRUME_GOLDEN"))) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
    assertThat(text).as(file.toString()).isEqualTo(Files.readString(file));
  }
}
