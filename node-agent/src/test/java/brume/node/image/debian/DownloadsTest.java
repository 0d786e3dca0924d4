package brume.node.image.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.node.image.ImageException.ContentRefused;
import brume.node.image.ImageException.MirrorUnreachable;
import brume.node.image.ImageProgress;
import brume.node.image.Sha256;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadsTest {
  private static final int SIZE = 2_000_000;

  @TempDir Path folder;
  private final byte[] content = new byte[SIZE];
  private MirrorServer mirror;
  private String sha256 = "";

  @BeforeEach
  void start() throws Exception {
    new Random(1).nextBytes(content);
    sha256 = Sha256.of(content);
    mirror = new MirrorServer();
    mirror.files.put("file", content);
  }

  @AfterEach
  void stop() {
    mirror.close();
  }

  @Test
  void fetchesOnceAndTellsHowFarItIs() throws Exception {
    List<Long> done = new ArrayList<>();
    Path file = fetch("file", (phase, what, at, total) -> done.add(at));
    assertThat(file).hasBinaryContent(content);
    assertThat(done).isSorted().startsWith(0L).endsWith((long) SIZE).hasSizeBetween(4, 12);
    fetch("file", ImageProgress.silent());
    assertThat(mirror.requests).containsExactly("file");
  }

  @Test
  void continuesAfterAnEndInTheMiddle() throws Exception {
    mirror.breaking.set(1);
    assertThat(fetch("file", ImageProgress.silent())).hasBinaryContent(content);
    assertThat(mirror.requests).hasSize(2).last().asString().startsWith("file bytes=");
  }

  @Test
  void beginsAgainWhereTheServerKnowsNoRanges() throws Exception {
    mirror.breaking.set(1);
    mirror.ignoresRanges = true;
    assertThat(fetch("file", ImageProgress.silent())).hasBinaryContent(content);
  }

  @Test
  void asksAgainAfterAnErrorOfTheServer() throws Exception {
    mirror.failing.set(3);
    assertThat(fetch("file", ImageProgress.silent())).hasBinaryContent(content);
    mirror.failing.set(1);
    assertThat(downloads().small(mirror.address().resolve("file"), SIZE)).isEqualTo(content);
  }

  @Test
  void givesUpAfterSomeAttemptsAndKeepsWhatCame() {
    mirror.breaking.set(1);
    mirror.failing.set(0);
    mirror.ignoresRanges = true;
    mirror.breaking.set(99);
    assertThatThrownBy(() -> fetch("file", ImageProgress.silent()))
        .isInstanceOf(MirrorUnreachable.class)
        .hasMessageContaining("what came so far is kept");
    assertThat(mirror.requests).hasSize(5);
    assertThat(folder.resolve(sha256 + ".part")).hasSize(SIZE / 2);
  }

  /// What was kept of an earlier attempt may be of another file: then all of it is fetched once.
  @Test
  void aWrongBeginningIsThrownAway() throws Exception {
    Files.write(folder.resolve(sha256 + ".part"), new byte[1000]);
    assertThat(fetch("file", ImageProgress.silent())).hasBinaryContent(content);
    assertThat(mirror.requests).containsExactly("file bytes=1000-", "file");
  }

  @Test
  void goesToTheNextAddressWhereAFileIsAbsent() throws Exception {
    assertThat(
            downloads()
                .file(
                    List.of(mirror.address().resolve("absent"), mirror.address().resolve("file")),
                    "thing",
                    sha256,
                    SIZE,
                    ImageProgress.silent()))
        .hasBinaryContent(content);
    assertThat(mirror.requests).containsExactly("absent", "file");
  }

  @Test
  void aFileOfAnotherContentIsRefusedAndNotKept() {
    mirror.files.put("other", new byte[SIZE]);
    assertThatThrownBy(() -> fetch("other", ImageProgress.silent()))
        .isInstanceOf(ContentRefused.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aSmallFileThatIsNotSmallIsRefused() {
    assertThatThrownBy(() -> downloads().small(mirror.address().resolve("file"), 1000))
        .isInstanceOf(MirrorUnreachable.class)
        .hasMessageContaining("more than 1000 bytes");
  }

  private Downloads downloads() {
    return new Downloads(folder, Duration.ofMillis(1));
  }

  private Path fetch(String path, ImageProgress progress) throws Exception {
    URI address = mirror.address().resolve(path);
    return downloads().file(List.of(address), "thing", sha256, SIZE, progress);
  }
}
