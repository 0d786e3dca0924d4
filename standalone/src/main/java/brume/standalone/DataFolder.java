package brume.standalone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Everything one cloud writes: `postgres/`, `node-1/` …, `secrets/` (one file for each, 0600),
/// `url` of the API while it is up, and `lock`, held as long as a cloud runs on the folder.
///
/// The lock is the operating system's, so that it ends with the process however that ends.
final class DataFolder implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String KEY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private DataFolder(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /// Throws [StartFailure] when another process runs on the folder or it can't be written.
  static DataFolder open(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    try {
      Files.createDirectories(path);
      FileChannel channel =
          FileChannel.open(
              path.resolve("lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      @Nullable FileLock lock = tryLock(channel);
      if (lock == null) {
        String holder = Files.readString(path.resolve("lock")).strip();
        channel.close();
        throw new StartFailure(
            "a cloud already runs on "
                + path
                + (holder.isEmpty() ? "" : " (process " + holder + ")")
                + ": stop it with Ctrl-C where it runs, or give this one a folder of its own with"
                + " --data FOLDER");
      }
      channel.truncate(0);
      String pid = Long.toString(ProcessHandle.current().pid());
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
      return new DataFolder(path, channel, lock);
    } catch (IOException e) {
      throw new StartFailure(
          "the data folder "
              + path
              + " can not be used: "
              + e
              + "; give another with --data FOLDER");
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // this very process holds it
    }
  }

  Path path() {
    return path;
  }

  /// Leaves the API's address for commands that run beside the cloud.
  void publish(String url) {
    try {
      Files.writeString(path.resolve("url"), url);
    } catch (IOException e) {
      throw new StartFailure("the address could not be written into " + path + ": " + e);
    }
  }

  void unpublish() {
    try {
      Files.deleteIfExists(path.resolve("url"));
    } catch (IOException e) {
      throw new IllegalStateException("the address stays in " + path, e);
    }
  }

  /// The secret of this name, made at its first use.
  String secret(String name) {
    byte[] bytes = new byte[20];
    RANDOM.nextBytes(bytes);
    return secret(name, "brume_" + HexFormat.of().formatHex(bytes));
  }

  /// The first account's access key: an id as EC2's clients know them, a blank, and the secret.
  String[] accessKey() {
    StringBuilder id = new StringBuilder("AKIA");
    for (int i = 0; i < 16; i++) {
      id.append(KEY_LETTERS.charAt(RANDOM.nextInt(KEY_LETTERS.length())));
    }
    byte[] bytes = new byte[30];
    RANDOM.nextBytes(bytes);
    String secret = Base64.getEncoder().encodeToString(bytes);
    return secret("access-key", id + " " + secret).split(" ", 2);
  }

  /// One at a time: services that start together may be the first to ask for the same one, and must
  /// get the same.
  ///
  /// @param fresh what it is to be where there is none yet
  private synchronized String secret(String name, String fresh) {
    try {
      Optional<String> known = knownSecret(path, name);
      if (known.isPresent()) {
        return known.get();
      }
      Path folder = path.resolve("secrets");
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      // Written aside and renamed: a crash leaves no half of a secret behind.
      Path aside =
          Files.createTempFile(
              folder,
              name,
              ".new",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(aside, fresh);
      Files.move(aside, folder.resolve(name));
      return fresh;
    } catch (IOException e) {
      throw new StartFailure("no secret could be kept in " + path + ": " + e);
    }
  }

  private static Optional<String> knownSecret(Path data, String name) throws IOException {
    Path file = data.resolve("secrets").resolve(name);
    return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
  }

  @Override
  public void close() {
    try {
      lock.release();
      channel.close();
    } catch (IOException e) {
      throw new IllegalStateException("the lock of " + path + " was not released", e);
    }
  }
}
