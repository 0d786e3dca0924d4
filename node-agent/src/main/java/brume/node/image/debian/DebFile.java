package brume.node.image.debian;

import brume.node.image.ImageException.ContentRefused;
import brume.node.image.ImageProgress;
import brume.node.image.ImageProgress.Phase;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.ar.ArArchiveEntry;
import org.apache.commons.compress.archivers.ar.ArArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.io.input.BoundedInputStream;
import org.tukaani.xz.XZInputStream;

/// A Debian package file (deb(5)): an ar archive that holds a compressed tar archive. It is read as
/// a stream, once, and nothing in it decides where anything is written.
final class DebFile {
  static final long FILE_BYTES_MAX = 256L << 20;

  private static final int ENTRIES_MAX = 100_000;
  private static final long UNPACKED_BYTES_MAX = 2L << 30;

  private DebFile() {}

  /// Takes what it wants of a package's ordinary files.
  interface Taker {
    /// @param path without a leading `./` or `/`
    /// @param content ends after `size` bytes; need not be read
    /// @return false when nothing more is wanted of this package
    boolean take(String path, long size, InputStream content) throws IOException, ContentRefused;
  }

  static void read(Path deb, Taker taker, ImageProgress progress)
      throws IOException, ContentRefused {
    String name = deb.getFileName().toString();
    long total = Files.size(deb);
    try (BoundedInputStream counted =
            BoundedInputStream.builder().setInputStream(Files.newInputStream(deb)).get();
        ArArchiveInputStream ar = new ArArchiveInputStream(new BufferedInputStream(counted))) {
      for (int entries = 0; entries < 16; entries++) {
        ArArchiveEntry entry = ar.getNextEntry();
        if (entry == null) {
          break;
        }
        if (entry.getName().startsWith("data.tar")) {
          InputStream tar = unpacked(entry.getName(), ar);
          readTar(tar, taker, () -> progress.report(Phase.UNPACK, name, counted.getCount(), total));
          return;
        }
      }
    } catch (IllegalArgumentException | org.tukaani.xz.XZIOException e) {
      throw new ContentRefused(deb + " is damaged: " + e, e);
    }
    throw new ContentRefused(deb + " is not a Debian package: it has no data.tar");
  }

  private static InputStream unpacked(String name, InputStream in)
      throws IOException, ContentRefused {
    return switch (name) {
      case "data.tar.xz" -> new XZInputStream(in, PackageIndex.XZ_MEMORY_KIB_MAX);
      case "data.tar.gz" -> new GzipCompressorInputStream(in);
      case "data.tar" -> in;
      default ->
          throw new ContentRefused(
              "a package is compressed as " + name + "; xz, gzip and none can be read");
    };
  }

  private static void readTar(InputStream plain, Taker taker, Runnable progress)
      throws IOException, ContentRefused {
    TarArchiveInputStream tar =
        new TarArchiveInputStream(
            BoundedInputStream.builder()
                .setInputStream(plain)
                .setMaxCount(UNPACKED_BYTES_MAX)
                .get());
    int entries = 0;
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      if (++entries > ENTRIES_MAX) {
        throw new ContentRefused("a package has more than " + ENTRIES_MAX + " entries");
      }
      progress.run();
      if (!entry.isFile() || entry.isSparse() || entry.isLink()) {
        continue;
      }
      if (entry.getSize() > FILE_BYTES_MAX) {
        throw new ContentRefused(
            entry.getName() + " in a package has more than " + FILE_BYTES_MAX + " bytes");
      }
      String path = entry.getName().replaceFirst("^(\\./|/)+", "");
      if (!taker.take(path, entry.getSize(), tar)) {
        return;
      }
    }
  }
}
