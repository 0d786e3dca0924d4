package brume.db;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/// PostgreSQL's programs, unpacked once from the jar that brings them into a folder of the user's
/// cache. Several processes may ask at once.
final class PostgresBinaries {
  private PostgresBinaries() {}

  /// The folder that holds `bin/postgres`, unpacked below `cache` if it is not there yet.
  static Path unpack(Path cache) {
    String archive = archiveName();
    try {
      Files.createDirectories(cache);
      Path target = cache.resolve(folderName());
      try (FileChannel channel =
              FileChannel.open(
                  cache.resolve("postgres.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        if (lock.isValid() && !Files.isExecutable(target.resolve("bin/postgres"))) {
          Path fresh = Files.createTempDirectory(cache, "postgres-");
          extract(archive, fresh);
          Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
          Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        }
      }
      return target;
    } catch (IOException e) {
      throw new DatabaseFailure(
          "PostgreSQL could not be unpacked below "
              + cache
              + ": "
              + e.getMessage()
              + " (is there room, and may this user write there?)",
          e);
    }
  }

  private static String folderName() throws IOException {
    // The archive's own length names it: a new version unpacks beside the old one.
    try (InputStream in = open(archiveName())) {
      byte[] head = in.readNBytes(64 * 1024);
      return "postgres-" + Integer.toHexString(java.util.Arrays.hashCode(head));
    }
  }

  private static String archiveName() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String architecture = System.getProperty("os.arch");
    boolean arm = architecture.equals("aarch64");
    return (os.contains("mac") ? "postgres-darwin-" : "postgres-linux-")
        + (arm ? "arm_64" : "x86_64")
        + ".txz";
  }

  private static InputStream open(String archive) {
    InputStream in = PostgresBinaries.class.getResourceAsStream("/" + archive);
    if (in == null) {
      throw new DatabaseFailure(
          "no embedded PostgreSQL for this platform ("
              + archive
              + " is not on the class path): give your own server with --database URL");
    }
    return in;
  }

  private static void extract(String archive, Path target) throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(open(archive)))) {
      TarArchiveEntry entry;
      while ((entry = tar.getNextEntry()) != null) {
        Path path = target.resolve(entry.getName()).normalize();
        if (!path.startsWith(target)) {
          throw new IOException("the archive names a path outside itself: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(path);
          Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
          continue;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else {
          Files.copy(tar, path);
          Files.setPosixFilePermissions(path, permissions(entry.getMode()));
        }
      }
    }
  }

  private static Set<PosixFilePermission> permissions(int mode) {
    return PosixFilePermissions.fromString((mode & 0100) != 0 ? "rwxr-xr-x" : "rw-r--r--");
  }
}
