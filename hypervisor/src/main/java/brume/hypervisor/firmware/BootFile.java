package brume.hypervisor.firmware;

import brume.hypervisor.memory.GuestRam;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// An open file that is to be put into guest memory, whole or in parts. Every failure is a
/// [BootFailure] that names the file.
final class BootFile implements AutoCloseable {
  private static final int PORTION_BYTES = 256 * 1024;

  private final String part;
  private final Path path;
  private final FileChannel channel;
  private final long size;

  private BootFile(String part, Path path, FileChannel channel, long size) {
    this.part = part;
    this.path = path;
    this.channel = channel;
    this.size = size;
  }

  static BootFile open(String part, Path path) {
    if (!Files.isRegularFile(path)) {
      throw new BootFailure(part, path + " is not a file");
    }
    try {
      FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
      return new BootFile(part, path, channel, channel.size());
    } catch (IOException unreadable) {
      throw new BootFailure(part, path + " cannot be read: " + unreadable.getMessage());
    }
  }

  long size() {
    return size;
  }

  BootFailure refuse(String why) {
    return new BootFailure(part, path + " " + why);
  }

  /// `count` bytes at `position`, little-endian; refuses a file that is shorter.
  ByteBuffer bytes(long position, int count) {
    if (position < 0 || position > size - count) {
      throw refuse("is cut off: it has " + size + " bytes, not " + (position + count));
    }
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    readFully(buffer, position);
    return buffer.flip();
  }

  private void readFully(ByteBuffer buffer, long position) {
    try {
      long at = position;
      while (buffer.hasRemaining()) {
        int count = channel.read(buffer, at);
        if (count < 0) {
          throw refuse("became shorter while it was read");
        }
        at += count;
      }
    } catch (IOException broken) {
      throw refuse("cannot be read: " + broken.getMessage());
    }
  }

  /// Copies a part of the file to guest memory. Both ranges have been checked.
  void copy(long position, long count, GuestRam ram, long address) {
    byte[] portion = new byte[(int) Math.min(PORTION_BYTES, count)];
    for (long done = 0; done < count; ) {
      int length = (int) Math.min(portion.length, count - done);
      readFully(ByteBuffer.wrap(portion, 0, length), position + done);
      ram.write(address + done, portion, 0, length);
      done += length;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException unclosed) {
      throw refuse("cannot be closed: " + unclosed.getMessage());
    }
  }
}
