package brume.hypervisor.device.virtio;

import brume.hypervisor.memory.GuestRam;

/// One request: the bytes the driver wrote for the device, then room for the device's answer, each
/// read or written from front to back. Every segment lies in RAM (checked by [SplitQueue]). It is
/// valid until its queue is asked for the next one.
public final class DescriptorChain {
  private final GuestRam ram;
  private final long[] address;
  private final long[] length;
  private int head;
  private int readableSegments;
  private int segments;
  private long readableBytes;
  private long writableBytes;
  private int readSegment;
  private long readWithin;
  private int writeSegment;
  private long writeWithin;
  private long written;

  DescriptorChain(GuestRam ram, int segmentsMax) {
    this.ram = ram;
    this.address = new long[segmentsMax];
    this.length = new long[segmentsMax];
  }

  void begin(int newHead) {
    head = newHead;
    readableSegments = 0;
    segments = 0;
    readableBytes = 0;
    writableBytes = 0;
    readSegment = 0;
    readWithin = 0;
    writeWithin = 0;
    written = 0;
  }

  void add(long at, long bytes, boolean deviceWrites) {
    if (segments == address.length) {
      throw new VirtioFault("a chain of more than " + address.length + " descriptors");
    }
    if (!deviceWrites && segments > readableSegments) {
      // virtio 1.2 §2.7.4.2: everything for the device to read comes first.
      throw new VirtioFault("a readable descriptor behind a writable one");
    }
    if (!ram.contains(at, bytes)) {
      throw new VirtioFault("a buffer outside RAM: 0x%x, %d bytes".formatted(at, bytes));
    }
    address[segments] = at;
    length[segments] = bytes;
    segments++;
    if (deviceWrites) {
      writableBytes += bytes;
    } else {
      readableBytes += bytes;
      readableSegments++;
    }
    writeSegment = readableSegments;
  }

  int head() {
    return head;
  }

  public long readableBytes() {
    return readableBytes;
  }

  public long writableBytes() {
    return writableBytes;
  }

  /// What [#write] has put in so far; the driver is told this length.
  public long written() {
    return written;
  }

  /// The next readable bytes; fewer than `count` only at the end.
  public int read(byte[] target, int offset, int count) {
    int done = 0;
    while (done < count && readSegment < readableSegments) {
      int portion = (int) Math.min(count - done, length[readSegment] - readWithin);
      ram.read(address[readSegment] + readWithin, target, offset + done, portion);
      done += portion;
      readWithin += portion;
      if (readWithin == length[readSegment]) {
        readSegment++;
        readWithin = 0;
      }
    }
    return done;
  }

  /// Into the next writable room; fewer than `count` only when it is full.
  public int write(byte[] source, int offset, int count) {
    int done = 0;
    while (done < count && writeSegment < segments) {
      int portion = (int) Math.min(count - done, length[writeSegment] - writeWithin);
      ram.write(address[writeSegment] + writeWithin, source, offset + done, portion);
      done += portion;
      writeWithin += portion;
      if (writeWithin == length[writeSegment]) {
        writeSegment++;
        writeWithin = 0;
      }
    }
    written += done;
    return done;
  }

  /// Puts one byte at the very end of the writable room, wherever [#write] is; block requests have
  /// their status there.
  public void writeLast(int value) {
    for (int i = segments - 1; i >= readableSegments; i--) {
      if (length[i] > 0) {
        ram.store8(address[i] + length[i] - 1, value);
        written++;
        return;
      }
    }
    throw new VirtioFault("no room for an answer");
  }
}
