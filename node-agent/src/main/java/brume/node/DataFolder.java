package brume.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The node's own folder, held by one agent at a time: a second one would be the same node twice,
/// and remove the files of the first one's guests.
final class DataFolder implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;

  private DataFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  static DataFolder open(Path path) throws IOException {
    Path absolute = path.toAbsolutePath();
    Files.createDirectories(absolute);
    FileChannel channel =
        FileChannel.open(
            absolute.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock(channel) == null) {
      channel.close();
      throw new IOException(
          "another agent runs on the data folder %s: stop it, or set brume.node.data-dir"
              .formatted(absolute));
    }
    return new DataFolder(absolute, channel);
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException inThisProcess) {
      return null;
    }
  }

  Path path() {
    return path;
  }

  /// Releases the lock. The file stays: removing it could take it from under the next holder.
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
