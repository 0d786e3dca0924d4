package brume.node.image.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import brume.node.image.ImageException.ContentRefused;
import brume.node.image.ImageProgress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DebFileTest {
  @TempDir Path folder;

  private static Map<String, byte[]> files() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("./a", "one".getBytes(StandardCharsets.UTF_8));
    files.put("/b", "two".getBytes(StandardCharsets.UTF_8));
    files.put("./" + "long/".repeat(40) + "c", "three".getBytes(StandardCharsets.UTF_8));
    return files;
  }

  @ParameterizedTest
  @ValueSource(strings = {"data.tar.xz", "data.tar"})
  void givesTheFilesInOrder(String form) throws Exception {
    assertThat(read(TestRepository.deb(files(), form), 9))
        .containsExactly("a=one", "b=two", "long/".repeat(40) + "c=three");
  }

  @Test
  void stopsWhenNothingMoreIsWanted() throws Exception {
    assertThat(read(TestRepository.deb(files(), "data.tar.xz"), 2)).hasSize(2);
  }

  @Test
  void aCompressionThatCanNotBeReadIsNamed() throws Exception {
    byte[] deb = TestRepository.deb(files(), "data.tar.zst");
    assertThatThrownBy(() -> read(deb, 9))
        .isInstanceOf(ContentRefused.class)
        .hasMessageContaining("compressed as data.tar.zst; xz, gzip and none can be read");
  }

  @Test
  void whatIsNoPackageIsRefused() throws Exception {
    byte[] noData = TestRepository.deb(files(), "other.tar");
    assertThatThrownBy(() -> read(noData, 9))
        .isInstanceOf(ContentRefused.class)
        .hasMessageContaining("it has no data.tar");
  }

  @Test
  void noDamageDoesMoreThanFail() throws Exception {
    long seed = Long.getLong("brume.seed", 20260102L);
    Random random = new Random(seed);
    byte[] deb = TestRepository.deb(files(), "data.tar.xz");
    byte[] plain = TestRepository.deb(files(), "data.tar");
    int failed = 0;
    for (int round = 0; round < 600; round++) {
      byte[] damaged = (round % 2 == 0 ? deb : plain).clone();
      damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      damaged = random.nextInt(4) == 0 ? Arrays.copyOf(damaged, damaged.length / 2) : damaged;
      try {
        read(damaged, 9);
      } catch (ContentRefused | IOException e) {
        failed++;
      } catch (RuntimeException | OutOfMemoryError e) {
        fail("seed " + seed + ", round " + round, e);
      }
    }
    assertThat(failed).as("seed " + seed).isGreaterThan(50);
  }

  private List<String> read(byte[] deb, int atMost) throws IOException, ContentRefused {
    Path file = Files.write(folder.resolve("package.deb"), deb);
    List<String> found = new ArrayList<>();
    DebFile.read(
        file,
        (path, size, content) -> {
          found.add(path + "=" + new String(content.readAllBytes(), StandardCharsets.UTF_8));
          return found.size() < atMost;
        },
        ImageProgress.silent());
    return found;
  }
}
