package brume.hypervisor.device;

/// A bounded first-in first-out queue of bytes; used by one thread.
public final class ByteQueue {
  private final byte[] ring;
  private int head;
  private int size;

  public ByteQueue(int capacity) {
    ring = new byte[capacity];
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public int size() {
    return size;
  }

  /// Takes as much as has room and returns how much that was.
  public int add(byte[] bytes, int offset, int length) {
    int taken = Math.min(length, ring.length - size);
    for (int i = 0; i < taken; i++) {
      ring[(head + size + i) % ring.length] = bytes[offset + i];
    }
    size += taken;
    return taken;
  }

  /// The oldest byte, 0 to 255; -1 when empty.
  public int poll() {
    if (size == 0) {
      return -1;
    }
    int result = ring[head] & 0xff;
    head = (head + 1) % ring.length;
    size--;
    return result;
  }

  public int poll(byte[] target, int offset, int length) {
    int count = Math.min(length, size);
    for (int i = 0; i < count; i++) {
      target[offset + i] = (byte) poll();
    }
    return count;
  }

  public void clear() {
    head = 0;
    size = 0;
  }
}
