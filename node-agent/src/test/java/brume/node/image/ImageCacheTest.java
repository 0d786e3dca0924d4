package brume.node.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.node.image.ImageException.CacheUnusable;
import brume.node.image.ImageException.ContentRefused;
import brume.node.image.ImageException.MirrorUnreachable;
import brume.node.image.ImageException.SourceUnknown;
import brume.node.image.ImageProgress.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageCacheTest {
  @TempDir Path root;

  /// A builder that counts, and waits for the test in the middle of its work.
  private static final class CountingBuilder implements ImageBuilder {
    final AtomicInteger builds = new AtomicInteger();
    final CountDownLatch mayFinish;

    CountingBuilder(int latch) {
      mayFinish = new CountDownLatch(latch);
    }

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
      try {
        mayFinish.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      Files.writeString(folder.resolve("initrd"), "initrd of build " + builds.incrementAndGet());
      ImageManifest.of(folder, "console=ttyS0", 64, List.of()).write(folder);
    }
  }

  private final CountingBuilder builder = new CountingBuilder(0);

  private ImageCache cache() {
    return new ImageCache(root, List.of(builder), Clock.systemUTC());
  }

  @Test
  void makesABuiltInImageOnceForAll() throws Exception {
    BootImage first = cache().resolve("builtin:tiny", ImageProgress.silent());
    BootImage second = cache().resolve("builtin:tiny", ImageProgress.silent());
    assertThat(second).isEqualTo(first);
    assertThat(builder.builds).hasValue(1);
    assertThat(first.kernel()).hasContent("kernel");
    assertThat(first.commandLine()).isEqualTo("console=ttyS0");
    assertThat(first.digest()).hasSize(64);
    assertThat(first.minMemoryMib()).isEqualTo(64);
  }

  @Test
  void othersMayReadWhatWasMade() throws Exception {
    BootImage made = cache().resolve("builtin:tiny", ImageProgress.silent());
    assertThat(Files.getPosixFilePermissions(made.kernel().getParent()))
        .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void twoWhoAskAtOnceGetOneBuildAndTheSecondIsToldThatItWaits() throws Exception {
    CountingBuilder slow = new CountingBuilder(1);
    Set<Phase> phases = ConcurrentHashMap.newKeySet();
    CountDownLatch oneWaits = new CountDownLatch(1);
    ImageProgress progress =
        (phase, what, done, total) -> {
          phases.add(phase);
          if (phase == Phase.WAITING) {
            oneWaits.countDown();
          }
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var one =
          threads.submit(() ->
              new ImageCache(root, List.of(slow), Clock.systemUTC())
                  .resolve("builtin:tiny", progress));
      var two =
          threads.submit(() ->
              new ImageCache(root, List.of(slow), Clock.systemUTC())
                  .resolve("builtin:tiny", progress));
      oneWaits.await();
      slow.mayFinish.countDown();
      assertThat(one.get()).isEqualTo(two.get());
    }
    assertThat(slow.builds).hasValue(1);
    assertThat(phases).contains(Phase.WAITING);
  }

  @Test
  void waitsForALockThatAnotherProcessHolds() throws Exception {
    Path lock = root.resolve("locks/tiny");
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                lock.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(holder.getInputStream().read()).isEqualTo('h');
      assertThatThrownBy(() -> CacheLock.take(lock, Duration.ofMillis(200), () -> {}))
          .isInstanceOf(CacheUnusable.class)
          .hasMessageContaining("another process has held " + lock);
      // A process that dies gives its lock back.
      holder.destroyForcibly().waitFor();
      CacheLock.take(lock, Duration.ofSeconds(10), () -> {}).close();
    } finally {
      holder.destroyForcibly();
    }
  }

  /// Run as a process of its own: takes the lock, says so, and holds it until it is ended.
  static final class LockHolder {
    public static void main(String[] arguments) throws Exception {
      CacheLock lock = CacheLock.take(Path.of(arguments[0]), Duration.ofSeconds(10), () -> {});
      System.out.print("h");
      System.out.flush();
      System.in.read();
      lock.close();
    }
  }

  @Test
  void aBuildThatFailsLeavesNothingThatLooksWhole() throws Exception {
    ImageBuilder failing =
        new ImageBuilder() {
          @Override
          public String name() {
            return "tiny";
          }

          @Override
          public String recipe() {
            return builder.recipe();
          }

          @Override
          public void build(Path folder, Path downloads, ImageProgress progress)
              throws ImageException, IOException {
            Files.writeString(folder.resolve("kernel"), "half");
            throw new MirrorUnreachable("away");
          }
        };
    assertThatThrownBy(() ->
            new ImageCache(root, List.of(failing), Clock.systemUTC())
                .resolve("builtin:tiny", ImageProgress.silent()))
        .isInstanceOf(MirrorUnreachable.class);
    assertThat(root.resolve("building")).isEmptyDirectory();
    assertThat(cache().resolve("builtin:tiny", ImageProgress.silent()).kernel())
        .hasContent("kernel");
  }

  @Test
  void whatACrashLeftBehindIsCleared() throws Exception {
    Path left = Files.createDirectories(root.resolve("building/tiny-left"));
    Files.writeString(left.resolve("kernel"), "half");
    cache().resolve("builtin:tiny", ImageProgress.silent());
    assertThat(root.resolve("building")).isEmptyDirectory();
  }

  @Test
  void aDamagedBuiltInImageIsMadeAnew() throws Exception {
    Path initrd = cache().resolve("builtin:tiny", ImageProgress.silent()).initrd();
    Files.writeString(initrd, "initrd of build X");
    BootImage again = cache().resolve("builtin:tiny", ImageProgress.silent());
    assertThat(again.initrd()).hasContent("initrd of build 2");
  }

  @Test
  void aChangeWhileThisProcessRunsIsSeen() throws Exception {
    ImageCache one = cache();
    Path initrd = one.resolve("builtin:tiny", ImageProgress.silent()).initrd();
    FileTime before = Files.getLastModifiedTime(initrd);
    Files.writeString(initrd, "initrd of build X");
    Files.setLastModifiedTime(initrd, FileTime.fromMillis(before.toMillis() + 1000));
    assertThat(one.resolve("builtin:tiny", ImageProgress.silent()).initrd())
        .hasContent("initrd of build 2");
  }

  @Test
  void aFolderOfOnesOwnIsTakenAsItIs() throws Exception {
    Path folder = ownFolder("kernel\nX");
    BootImage image = cache().resolve("file:" + folder, ImageProgress.silent());
    assertThat(image.initrd()).isEqualTo(folder.resolve("my-initrd"));
    assertThat(image.minMemoryMib()).isEqualTo(128);
    Files.writeString(folder.resolve("my-initrd"), "other");
    assertThat(cache().resolve("file:" + folder, ImageProgress.silent()).digest())
        .as("the digest stands for the content even where the manifest names none")
        .isNotEqualTo(image.digest());
  }

  @Test
  void aFolderThatIsNotWhatItsManifestSaysIsRefused() throws Exception {
    Path folder = ownFolder("kernel");
    String digest = Sha256.of(folder.resolve("my-kernel"));
    manifest(folder, "kernel my-kernel 6 " + digest);
    cache().resolve("file:" + folder, ImageProgress.silent());
    Files.writeString(folder.resolve("my-kernel"), "kernal");
    assertThatThrownBy(() -> cache().resolve("file:" + folder, ImageProgress.silent()))
        .isInstanceOf(ContentRefused.class)
        .hasMessageContaining("my-kernel has SHA-256")
        .hasMessageContaining(digest);
    Files.writeString(folder.resolve("my-kernel"), "kernel kernel");
    assertThatThrownBy(() -> cache().resolve("file:" + folder, ImageProgress.silent()))
        .isInstanceOf(ContentRefused.class)
        .hasMessageContaining("has 13 bytes; its manifest says 6");
  }

  @Test
  void sourcesThatNameNothingSayWhatWouldDo() throws Exception {
    assertThatThrownBy(() -> cache().resolve("builtin:huge", ImageProgress.silent()))
        .isInstanceOf(SourceUnknown.class)
        .hasMessageContaining("use builtin:tiny or file:/FOLDER");
    assertThatThrownBy(() -> cache().resolve("http://x/", ImageProgress.silent()))
        .isInstanceOf(SourceUnknown.class);
    assertThatThrownBy(() -> cache().resolve("file:folder", ImageProgress.silent()))
        .isInstanceOf(SourceUnknown.class)
        .hasMessageContaining("absolute");
    assertThatThrownBy(() -> cache().resolve("file:" + root, ImageProgress.silent()))
        .isInstanceOf(SourceUnknown.class)
        .hasMessageContaining("lacks " + root.resolve("manifest"));
  }

  @Test
  void aCacheThatCanNotBeWrittenIsSaidToBeOne() throws Exception {
    Path file = Files.writeString(root.resolve("file"), "in the way");
    assertThatThrownBy(() ->
            new ImageCache(file.resolve("cache"), List.of(builder), Clock.systemUTC())
                .resolve("builtin:tiny", ImageProgress.silent()))
        .isInstanceOf(CacheUnusable.class)
        .hasMessageContaining("set BRUME_CACHE to another folder");
  }

  private Path ownFolder(String kernel) throws IOException {
    Path folder = Files.createDirectories(root.resolve("own"));
    Files.writeString(folder.resolve("my-kernel"), kernel);
    Files.writeString(folder.resolve("my-initrd"), "initrd");
    manifest(folder, "kernel my-kernel");
    return folder;
  }

  private static void manifest(Path folder, String kernelLine) throws IOException {
    Files.writeString(
        folder.resolve("manifest"),
        "brume-image 1\n" + kernelLine + "\ninitrd my-initrd\nmin-memory-mib 128\n");
  }
}
