package brume.node.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CachePruningTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  @TempDir Path root;

  private final ImageBuilder builder =
      new ImageBuilder() {
        @Override
        public String name() {
          return "tiny";
        }

        @Override
        public String recipe() {
          return "0123456789abcdef";
        }

        @Override
        public void build(Path folder, Path downloads, ImageProgress progress) throws IOException {
          Files.writeString(folder.resolve("kernel"), "kernel");
          Files.writeString(folder.resolve("initrd"), "initrd");
          ImageManifest.of(folder, "console=ttyS0", 64, List.of("kernel 6.12 " + digest('a')))
              .write(folder);
        }
      };

  private void resolve() throws ImageException {
    new ImageCache(root, List.of(builder), CLOCK).resolve("builtin:tiny", ImageProgress.silent());
  }

  private static String digest(char digit) {
    return String.valueOf(digit).repeat(64);
  }

  private void write(String file, String text, int daysOld) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
    age(file, daysOld);
  }

  private void age(String file, int days) throws IOException {
    FileTime time = FileTime.from(NOW.minus(Duration.ofDays(days)));
    Files.setLastModifiedTime(root.resolve(file), time);
  }

  private List<String> content(String folder) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void whatNobodyUsedForAMonthGoes() throws Exception {
    write("images/tiny-aaaaaaaaaaaa/manifest", "origin kernel 6.1 " + digest('b'), 31);
    age("images/tiny-aaaaaaaaaaaa", 31);
    write("images/tiny-bbbbbbbbbbbb/manifest", "origin kernel 6.6 " + digest('c'), 300);
    age("images/tiny-bbbbbbbbbbbb", 29); // another clone uses it
    write("images/mine/manifest", "put here by somebody", 300);
    age("images/mine", 300);
    write("downloads/InRelease-trixie", "SHA256: " + digest('d') + " 1 main", 300);
    for (char digit : "abcde".toCharArray()) {
      write("downloads/" + digest(digit), "content", 300);
    }
    write("downloads/" + digest('f') + ".part", "half", 31);
    write("downloads/" + digest('0') + ".part", "half", 1);

    resolve();

    assertThat(content("images")).containsExactly("mine", "tiny-0123456789ab", "tiny-bbbbbbbbbbbb");
    assertThat(content("downloads"))
        .containsExactly(
            digest('0') + ".part", "InRelease-trixie", digest('a'), digest('c'), digest('d'));
  }

  @Test
  void anImageInUseStaysHoweverLongAgoItWasMade() throws Exception {
    resolve();
    age("images/tiny-0123456789ab", 300);
    resolve();
    assertThat(Files.getLastModifiedTime(root.resolve("images/tiny-0123456789ab")).toInstant())
        .isEqualTo(NOW);
    assertThat(content("images")).containsExactly("tiny-0123456789ab");
  }
}
