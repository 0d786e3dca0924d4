package brume.hypervisor.device.virtio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;

/// A private, writable disk over a base that is only read. The overlay file is sparse:
///
/// ```
///   0      header: magic, version, cluster bytes, base bytes     (4 KiB)
///   4096   map: one bit for each cluster that is here
///   data   cluster i at data + i * cluster bytes
/// ```
///
/// Writing part of a cluster that is not here copies it from the base first. Map bits reach the
/// file only in [#flush], after the data they vouch for, so whatever interrupts it the disk is as
/// of the last flush or later for each cluster.
public final class OverlayStorage implements BlockStorage {
  private static final long MAGIC = 0x314c_564f_4d52_4221L;
  private static final int VERSION = 1;
  private static final int HEADER_BYTES = 4096;
  private static final long SMALL_DISK = 16L << 30;

  /// Keeps the map below 8 MiB of heap.
  public static final long SIZE_BYTES_MAX = 4L << 40;

  private final BlockStorage base;
  private final Path path;
  private final FileChannel channel;
  private final int clusterBytes;
  private final long dataStart;
  private final BitSet present;
  private final BitSet unsavedMapBytes = new BitSet();
  private final byte[] cluster;
  private boolean unsynced;

  private OverlayStorage(BlockStorage base, Path path, FileChannel channel) {
    this.base = base;
    this.path = path;
    this.channel = channel;
    this.clusterBytes = base.sizeBytes() <= SMALL_DISK ? 4096 : 64 * 1024;
    long clusters = (base.sizeBytes() + clusterBytes - 1) / clusterBytes;
    this.present = new BitSet((int) clusters);
    long mapBytes = (clusters + 7) / 8;
    this.dataStart = HEADER_BYTES + (mapBytes + HEADER_BYTES - 1) / HEADER_BYTES * HEADER_BYTES;
    this.cluster = new byte[clusterBytes];
  }

  /// Opens the overlay at `path`, or makes it. The base becomes this disk's and is closed with it,
  /// also when this throws.
  public static OverlayStorage open(BlockStorage base, Path path) throws IOException {
    FileChannel channel = null;
    try {
      if (base.sizeBytes() > SIZE_BYTES_MAX) {
        throw new IOException("a base of " + base.sizeBytes() + " bytes; at most 4 TiB");
      }
      channel =
          FileChannel.open(
              path,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE,
              StandardOpenOption.SPARSE);
      FileStorage.lock(path, channel);
      OverlayStorage overlay = new OverlayStorage(base, path, channel);
      if (channel.size() == 0) {
        overlay.writeHeader();
      } else {
        overlay.readHeader();
      }
      return overlay;
    } catch (IOException | RuntimeException refused) {
      base.close();
      if (channel != null) {
        channel.close();
      }
      throw refused;
    }
  }

  private void writeHeader() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(MAGIC).putInt(VERSION).putInt(clusterBytes).putLong(base.sizeBytes());
    writeFully(header.rewind(), 0);
  }

  private void readHeader() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (readUpTo(header, 0) < HEADER_BYTES || header.getLong(0) != MAGIC) {
      throw new IOException(path + " is not an overlay; delete it to start from the base again");
    }
    if (header.getInt(8) != VERSION || header.getInt(12) != clusterBytes) {
      throw new IOException(path + " is an overlay of another version of Brume");
    }
    if (header.getLong(16) != base.sizeBytes()) {
      throw new IOException(
          "%s was made over a base of %d bytes, this one has %d"
              .formatted(path, header.getLong(16), base.sizeBytes()));
    }
    long clusters = (base.sizeBytes() + clusterBytes - 1) / clusterBytes;
    byte[] map = new byte[(int) ((clusters + 7) / 8)];
    readUpTo(ByteBuffer.wrap(map), HEADER_BYTES);
    present.or(BitSet.valueOf(map));
    present.clear((int) clusters, present.length() + 1 + (int) clusters);
  }

  @Override
  public long sizeBytes() {
    return base.sizeBytes();
  }

  @Override
  public boolean readOnly() {
    return false;
  }

  /// Bytes of the disk that are kept here rather than in the base.
  public long ownBytes() {
    return (long) present.cardinality() * clusterBytes;
  }

  @Override
  public void read(long position, byte[] target, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      long at = position + done;
      int index = (int) (at / clusterBytes);
      boolean here = present.get(index);
      int portion = (int) Math.min(length - done, clusterBytes - at % clusterBytes);
      while (done + portion < length
          && present.get((int) ((at + portion) / clusterBytes)) == here) {
        portion = (int) Math.min(length - done, (long) portion + clusterBytes);
      }
      if (here) {
        ByteBuffer into = ByteBuffer.wrap(target, offset + done, portion);
        if (readUpTo(into, dataStart + at) < portion) {
          throw new IOException(path + " is cut off at " + channel.size() + " bytes");
        }
      } else {
        base.read(at, target, offset + done, portion);
      }
      done += portion;
    }
  }

  @Override
  public void write(long position, byte[] source, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      long at = position + done;
      int index = (int) (at / clusterBytes);
      int within = (int) (at % clusterBytes);
      int portion = Math.min(length - done, clusterBytes - within);
      long clusterAt = (long) index * clusterBytes;
      int clusterLength = (int) Math.min(clusterBytes, base.sizeBytes() - clusterAt);
      unsynced = true;
      if (present.get(index) || portion == clusterLength) {
        writeFully(ByteBuffer.wrap(source, offset + done, portion), dataStart + at);
      } else {
        base.read(clusterAt, cluster, 0, clusterLength);
        System.arraycopy(source, offset + done, cluster, within, portion);
        writeFully(ByteBuffer.wrap(cluster, 0, clusterLength), dataStart + clusterAt);
      }
      if (!present.get(index)) {
        present.set(index);
        unsavedMapBytes.set(index >> 3);
      }
      done += portion;
    }
  }

  @Override
  public void flush() throws IOException {
    if (!unsynced) {
      return;
    }
    channel.force(false);
    if (!unsavedMapBytes.isEmpty()) {
      byte[] map = present.toByteArray();
      int from = unsavedMapBytes.nextSetBit(0);
      while (from >= 0) {
        int to = unsavedMapBytes.nextClearBit(from);
        writeFully(ByteBuffer.wrap(map, from, to - from), HEADER_BYTES + (long) from);
        from = unsavedMapBytes.nextSetBit(to);
      }
      unsavedMapBytes.clear();
      channel.force(false);
    }
    unsynced = false;
  }

  @Override
  public void close() throws IOException {
    try (channel;
        base) {
      flush();
    }
  }

  private void writeFully(ByteBuffer from, long position) throws IOException {
    long at = position;
    while (from.hasRemaining()) {
      at += channel.write(from, at);
    }
  }

  private int readUpTo(ByteBuffer into, long position) throws IOException {
    int done = 0;
    while (into.hasRemaining()) {
      int count = channel.read(into, position + done);
      if (count < 0) {
        break;
      }
      done += count;
    }
    return done;
  }
}
