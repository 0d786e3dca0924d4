package brume.hypervisor.device.virtio;

import brume.hypervisor.device.TrafficCounter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongSupplier;

/// A disk (virtio 1.2 §5.2). Requests are done at once, one after the other, on the thread of the
/// hart that asked. An error of the storage is the guest's I/O error.
public final class VirtioBlock implements VirtioDevice {
  /// One request's data; drivers split bigger ones by `seg_max` and `size_max`.
  static final int REQUEST_BYTES_MAX = 4 << 20;

  private static final int ID_BYTES = 20;
  private static final int HEADER_BYTES = 16;
  private static final int PORTION_BYTES = 64 * 1024;
  private static final int SEGMENTS_MAX = 126, SEGMENT_BYTES_MAX = 32 * 1024;
  private static final long SIZE_MAX = 1L << 1, SEG_MAX = 1L << 2, RO = 1L << 5, FLUSH = 1L << 9;
  private static final int IN = 0, OUT = 1, FLUSH_REQUEST = 4, GET_ID = 8;
  private static final int OK = 0, IO_ERROR = 1, UNSUPPORTED = 2;

  private final String name;
  private final BlockStorage storage;
  private final TrafficCounter traffic = new TrafficCounter();
  private final byte[] portion = new byte[PORTION_BYTES];
  private final byte[] header = new byte[HEADER_BYTES];
  private final byte[] configuration;
  private final LongSupplier nanoTime;
  private boolean writeThrough;
  private long storageNanos;

  public VirtioBlock(String name, BlockStorage storage, LongSupplier nanoTime) {
    this.name = name;
    this.storage = storage;
    this.nanoTime = nanoTime;
    this.configuration =
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(storage.sizeBytes() / BlockStorage.SECTOR_BYTES)
            .putInt(SEGMENT_BYTES_MAX)
            .putInt(SEGMENTS_MAX)
            .array();
  }

  @Override
  public int deviceId() {
    return 2;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long features() {
    return SIZE_MAX | SEG_MAX | FLUSH | (storage.readOnly() ? RO : 0);
  }

  @Override
  public int queues() {
    return 1;
  }

  @Override
  public byte[] configuration() {
    return configuration;
  }

  @Override
  public void attach(VirtioHost host) {}

  @Override
  public void activate(long features) {
    // §5.2.6.2: a driver that cannot ask for a flush must find its writes safe when they are done.
    writeThrough = (features & FLUSH) == 0;
  }

  @Override
  public TrafficCounter traffic() {
    return traffic;
  }

  @Override
  public boolean service(int index, SplitQueue queue, long workMax) {
    long work = 0;
    while (work < workMax) {
      DescriptorChain chain = queue.take();
      if (chain == null) {
        return false;
      }
      work += HEADER_BYTES + chain.readableBytes() + chain.writableBytes();
      handle(chain);
      queue.complete(chain);
    }
    return queue.hasAvailable();
  }

  /// How long requests have taken since this was last asked.
  public long takeStorageNanos() {
    long nanos = storageNanos;
    storageNanos = 0;
    return nanos;
  }

  private void handle(DescriptorChain chain) {
    if (chain.readableBytes() < HEADER_BYTES || chain.writableBytes() < 1) {
      throw new VirtioFault("a request without header or status");
    }
    chain.read(header, 0, HEADER_BYTES);
    ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
    int type = fields.getInt(0);
    long sector = fields.getLong(8);
    int status;
    long began = nanoTime.getAsLong();
    try {
      status =
          switch (type) {
            case IN -> read(chain, sector);
            case OUT -> write(chain, sector);
            case FLUSH_REQUEST -> {
              storage.flush();
              yield OK;
            }
            case GET_ID -> identify(chain);
            default -> UNSUPPORTED;
          };
    } catch (IOException lost) {
      status = IO_ERROR;
    }
    storageNanos += nanoTime.getAsLong() - began;
    if (status != OK) {
      traffic.dropped();
    }
    chain.writeLast(status);
  }

  private boolean outside(long sector, long bytes) {
    long sectors = storage.sizeBytes() / BlockStorage.SECTOR_BYTES;
    return bytes % BlockStorage.SECTOR_BYTES != 0
        || bytes > REQUEST_BYTES_MAX
        || sector < 0
        || sector > sectors
        || bytes / BlockStorage.SECTOR_BYTES > sectors - sector;
  }

  private int read(DescriptorChain chain, long sector) throws IOException {
    long bytes = chain.writableBytes() - 1;
    if (outside(sector, bytes)) {
      return IO_ERROR;
    }
    long position = sector * BlockStorage.SECTOR_BYTES;
    for (long done = 0; done < bytes; ) {
      int count = (int) Math.min(PORTION_BYTES, bytes - done);
      storage.read(position + done, portion, 0, count);
      chain.write(portion, 0, count);
      done += count;
    }
    traffic.toGuest(bytes);
    return OK;
  }

  private int write(DescriptorChain chain, long sector) throws IOException {
    long bytes = chain.readableBytes() - HEADER_BYTES;
    if (storage.readOnly() || outside(sector, bytes)) {
      return IO_ERROR;
    }
    long position = sector * BlockStorage.SECTOR_BYTES;
    for (long done = 0; done < bytes; ) {
      int count = (int) Math.min(PORTION_BYTES, bytes - done);
      chain.read(portion, 0, count);
      storage.write(position + done, portion, 0, count);
      done += count;
    }
    if (writeThrough) {
      storage.flush();
    }
    traffic.fromGuest(bytes);
    return OK;
  }

  private int identify(DescriptorChain chain) {
    if (chain.writableBytes() != ID_BYTES + 1) {
      return IO_ERROR;
    }
    byte[] id = Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), ID_BYTES);
    chain.write(id, 0, ID_BYTES);
    return OK;
  }
}
