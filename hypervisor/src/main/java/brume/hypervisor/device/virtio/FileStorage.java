package brume.hypervisor.device.virtio;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A disk that is one raw file. Its size is taken once; a file that shrinks afterwards gives read
/// errors to the guest, as a disk that loses sectors does.
public final class FileStorage implements BlockStorage {
  private final Path path;
  private final FileChannel channel;
  private final long sizeBytes;
  private final boolean readOnly;

  private FileStorage(Path path, FileChannel channel, long sizeBytes, boolean readOnly) {
    this.path = path;
    this.channel = channel;
    this.sizeBytes = sizeBytes;
    this.readOnly = readOnly;
  }

  /// Throws IOException with a sentence that names the file and what to do.
  public static FileStorage open(Path path, boolean readOnly) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new IOException(path + " is not a file");
    }
    if (!Files.isReadable(path) || (!readOnly && !Files.isWritable(path))) {
      throw new IOException(path + " cannot be " + (readOnly ? "read" : "read and written"));
    }
    FileChannel channel =
        readOnly
            ? FileChannel.open(path, StandardOpenOption.READ)
            : FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (!readOnly) {
        lock(path, channel);
      }
      long size = channel.size();
      if (size == 0 || size % SECTOR_BYTES != 0) {
        throw new IOException(
            path + " has " + size + " bytes; a disk is a positive multiple of 512: is it cut off?");
      }
      return new FileStorage(path, channel, size, readOnly);
    } catch (IOException | RuntimeException refused) {
      channel.close();
      throw refused;
    }
  }

  /// Two machines that write one file would destroy it. Held until the channel is closed.
  static void lock(Path path, FileChannel channel) throws IOException {
    try {
      if (channel.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException ofThisProcess) {
      // Refused as one of another process is.
    }
    throw new IOException(path + " is in use by another machine");
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public boolean readOnly() {
    return readOnly;
  }

  @Override
  public void read(long position, byte[] target, int offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
    long at = position;
    while (buffer.hasRemaining()) {
      int count = channel.read(buffer, at);
      if (count < 0) {
        throw new EOFException(path + " ends at " + at + " of " + sizeBytes + " bytes");
      }
      at += count;
    }
  }

  @Override
  public void write(long position, byte[] source, int offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(source, offset, length);
    long at = position;
    while (buffer.hasRemaining()) {
      at += channel.write(buffer, at);
    }
  }

  @Override
  public void flush() throws IOException {
    if (!readOnly) {
      channel.force(false);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
