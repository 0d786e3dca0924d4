package brume.hypervisor.device.virtio;

import brume.hypervisor.device.MemoryMap;
import brume.hypervisor.device.Wire;
import brume.hypervisor.memory.GuestRam;
import java.util.Arrays;

/// The guest's driver of one virtio device, written from the specification: it sets the device up
/// and sends it chains. All memory is at fixed places, a page for each part of a queue.
final class TestDriver implements AutoCloseable {
  static final long RAM = MemoryMap.RAM;
  static final int SIZE = 16;
  static final long BUFFERS = RAM + 0x40_0000;
  static final int NEXT = 1, WRITE = 2, INDIRECT = 4;

  final GuestRam ram = GuestRam.allocate(RAM, 8 << 20);
  final Wire interrupt = new Wire();
  final VirtioMmio mmio;
  private final int[] available = new int[64];
  private final int[] used = new int[64];
  private final int[] nextDescriptor = new int[64];
  private long nextBuffer = BUFFERS;

  TestDriver(VirtioDevice device) {
    mmio = new VirtioMmio(device, ram, interrupt);
  }

  static long table(int queue) {
    return RAM + 0x1_0000L + queue * 0x3000L;
  }

  static long availableRing(int queue) {
    return table(queue) + 0x1000;
  }

  static long usedRing(int queue) {
    return table(queue) + 0x2000;
  }

  long read(int register) {
    return mmio.load(register, 4);
  }

  void write(int register, long value) {
    mmio.store(register, 4, value & 0xffff_ffffL);
  }

  int status() {
    return (int) read(0x70);
  }

  /// Through the whole initialisation of virtio 1.2 §3.1.1.
  TestDriver start(long features, int... queues) {
    write(0x70, 0);
    write(0x70, 1);
    write(0x70, 3);
    long wanted = features | VirtioMmio.VERSION_1;
    write(0x24, 0);
    write(0x20, wanted);
    write(0x24, 1);
    write(0x20, wanted >>> 32);
    write(0x70, 11);
    Arrays.fill(available, 0);
    Arrays.fill(used, 0);
    Arrays.fill(nextDescriptor, 0);
    for (int queue : queues) {
      ram.write(table(queue), new byte[0x3000], 0, 0x3000);
      setUp(queue, SIZE, table(queue), availableRing(queue), usedRing(queue));
    }
    write(0x70, 15);
    return this;
  }

  void setUp(int queue, int size, long table, long availableAt, long usedAt) {
    write(0x30, queue);
    write(0x38, size);
    write(0x80, table);
    write(0x84, table >>> 32);
    write(0x90, availableAt);
    write(0x94, availableAt >>> 32);
    write(0xa0, usedAt);
    write(0xa4, usedAt >>> 32);
    write(0x44, 1);
  }

  /// Room of that many bytes, filled with 0xee.
  long buffer(int bytes) {
    long at = nextBuffer;
    nextBuffer += (bytes + 63) / 64 * 64L;
    byte[] fill = new byte[bytes];
    Arrays.fill(fill, (byte) 0xee);
    ram.write(at, fill, 0, bytes);
    return at;
  }

  long buffer(byte[] content) {
    long at = buffer(content.length);
    ram.write(at, content, 0, content.length);
    return at;
  }

  byte[] bytes(long at, int count) {
    byte[] result = new byte[count];
    ram.read(at, result, 0, count);
    return result;
  }

  void descriptor(long table, int index, long address, long length, int flags, int next) {
    long at = table + 16L * index;
    ram.store64(at, address);
    ram.store32(at + 8, (int) length);
    ram.store16(at + 12, flags);
    ram.store16(at + 14, next);
  }

  /// A chain of segments: address, length, 1 if the device writes it; offered, not notified.
  int offer(int queue, long[]... segments) {
    int head = nextDescriptor[queue];
    for (int i = 0; i < segments.length; i++) {
      int index = (head + i) % SIZE;
      boolean last = i == segments.length - 1;
      int flags = (segments[i][2] != 0 ? WRITE : 0) | (last ? 0 : NEXT);
      descriptor(table(queue), index, segments[i][0], segments[i][1], flags, (index + 1) % SIZE);
    }
    nextDescriptor[queue] = (head + segments.length) % SIZE;
    offerHead(queue, head);
    return head;
  }

  void offerHead(int queue, int head) {
    ram.store16(availableRing(queue) + 4 + 2L * (available[queue] % SIZE), head);
    available[queue] = (available[queue] + 1) & 0xffff;
    ram.store16(availableRing(queue) + 2, available[queue]);
  }

  void notifyDevice(int queue) {
    write(0x50, queue);
  }

  /// Bytes the device says it wrote into the next chain it gave back; -1 if it gave none back.
  long takeUsed(int queue) {
    if ((ram.load16(usedRing(queue) + 2) & 0xffff) == used[queue]) {
      return -1;
    }
    long length = ram.load32(usedRing(queue) + 4 + 8L * (used[queue] % SIZE) + 4) & 0xffff_ffffL;
    used[queue] = (used[queue] + 1) & 0xffff;
    return length;
  }

  /// Offers a chain, tells the device, and takes it back.
  long send(int queue, long[]... segments) {
    offer(queue, segments);
    notifyDevice(queue);
    return takeUsed(queue);
  }

  static long[] readable(long at, long bytes) {
    return new long[] {at, bytes, 0};
  }

  static long[] writable(long at, long bytes) {
    return new long[] {at, bytes, 1};
  }

  @Override
  public void close() {
    ram.close();
  }
}
