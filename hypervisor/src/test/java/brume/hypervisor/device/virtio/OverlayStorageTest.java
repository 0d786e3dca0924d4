package brume.hypervisor.device.virtio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverlayStorageTest {
  private static final int BASE_BYTES = 20 * 4096 + 512;

  @TempDir Path folder;

  private byte[] writeBase() throws IOException {
    byte[] content = new byte[BASE_BYTES];
    new Random(5).nextBytes(content);
    Files.write(folder.resolve("base"), content);
    return content;
  }

  private OverlayStorage open() throws IOException {
    return OverlayStorage.open(
        FileStorage.open(folder.resolve("base"), true), folder.resolve("overlay"));
  }

  /// Compared with an array that is written alike; reopened now and then. The seed is printed.
  @Test
  void agreesWithAPlainDisk() throws IOException {
    byte[] base = writeBase();
    byte[] expected = base.clone();
    long seed = Long.getLong("brume.seed", System.nanoTime());
    Random random = new Random(seed);
    OverlayStorage overlay = open();
    for (int step = 0; step < 2000; step++) {
      int length = 512 * (1 + random.nextInt(20));
      int position = 512 * random.nextInt((BASE_BYTES - length) / 512 + 1);
      byte[] bytes = new byte[length];
      if (random.nextInt(3) == 0) {
        random.nextBytes(bytes);
        overlay.write(position, bytes, 0, length);
        System.arraycopy(bytes, 0, expected, position, length);
      } else {
        overlay.read(position, bytes, 0, length);
        assertThat(bytes)
            .as("seed %d, step %d", seed, step)
            .isEqualTo(java.util.Arrays.copyOfRange(expected, position, position + length));
      }
      if (random.nextInt(100) == 0) {
        overlay.close();
        overlay = open();
      }
    }
    overlay.close();
    assertThat(Files.readAllBytes(folder.resolve("base"))).as("the base").isEqualTo(base);
  }

  @Test
  void whatWasNotFlushedMayBeLostButNeverTorn() throws IOException {
    byte[] base = writeBase();
    OverlayStorage overlay = open();
    byte[] mark = new byte[512];
    overlay.write(0, mark, 0, 512);
    overlay.flush();
    overlay.write(8192, mark, 0, 512);
    // As after a crash: the file as it is, without the first one having been closed.
    Path crashed = Files.copy(folder.resolve("overlay"), folder.resolve("crashed"));
    try (OverlayStorage after =
        OverlayStorage.open(FileStorage.open(folder.resolve("base"), true), crashed)) {
      byte[] sector = new byte[4096];
      after.read(0, sector, 0, 512);
      assertThat(java.util.Arrays.copyOf(sector, 512)).isEqualTo(mark);
      after.read(8192, sector, 0, 4096);
      assertThat(sector).isEqualTo(java.util.Arrays.copyOfRange(base, 8192, 12288));
    }
    overlay.close();
  }

  @Test
  void filesThatAreNoOverlayOrOfAnotherBaseAreRefused() throws IOException {
    writeBase();
    Files.write(folder.resolve("overlay"), new byte[8192]);
    assertThatThrownBy(this::open).hasMessageContaining("not an overlay");
    Files.delete(folder.resolve("overlay"));
    open().close();
    Files.write(folder.resolve("base"), new byte[4096]);
    assertThatThrownBy(this::open).hasMessageContaining("over a base of " + BASE_BYTES);
  }

  @Test
  void twoMachinesCannotWriteOneFile() throws IOException {
    writeBase();
    try (OverlayStorage first = open()) {
      assertThat(first.readOnly()).isFalse();
      assertThatThrownBy(this::open).hasMessageContaining("in use by another machine");
    }
    Files.write(folder.resolve("plain"), new byte[512]);
    try (FileStorage first = FileStorage.open(folder.resolve("plain"), false)) {
      assertThat(first.sizeBytes()).isEqualTo(512);
      assertThatThrownBy(() -> FileStorage.open(folder.resolve("plain"), false))
          .hasMessageContaining("in use by another machine");
    }
    open().close();
  }

  @Test
  void aTruncatedOverlayIsAnError() throws IOException {
    writeBase();
    try (OverlayStorage overlay = open()) {
      overlay.write(BASE_BYTES - 512, new byte[512], 0, 512);
    }
    try (FileChannel channel =
        FileChannel.open(folder.resolve("overlay"), StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - 512);
    }
    try (OverlayStorage overlay = open()) {
      assertThatThrownBy(() -> overlay.read(BASE_BYTES - 512, new byte[512], 0, 512))
          .hasMessageContaining("cut off");
    }
  }

  @Test
  void aTruncatedOrMissingDiskIsRefusedByName() throws IOException {
    Path disk = folder.resolve("disk");
    assertThatThrownBy(() -> FileStorage.open(disk, true)).hasMessageContaining("is not a file");
    Files.write(disk, new byte[1000]);
    assertThatThrownBy(() -> FileStorage.open(disk, true)).hasMessageContaining("cut off");
    Files.write(disk, new byte[1024]);
    try (FileStorage storage = FileStorage.open(disk, true)) {
      Files.write(disk, new byte[512]);
      assertThatThrownBy(() -> storage.read(512, new byte[512], 0, 512))
          .isInstanceOf(IOException.class);
    }
  }
}
