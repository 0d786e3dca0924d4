package brume.hypervisor.device;

/// A bounded first-in first-out queue of bytes; used by one thread. It takes room for what waits in
/// it, not for all that might.
public final class ByteQueue {
  private static final byte[] NOTHING = {};
  private static final int FEWEST = 256;

  private final int capacity;
  private byte[] ring = NOTHING;
  private int head;
  private int size;

  public ByteQueue(int capacity) {
    this.capacity = capacity;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public int size() {
    return size;
  }

  /// Takes as much as has room and returns how much that was.
  public int add(byte[] bytes, int offset, int length) {
    int taken = Math.min(length, capacity - size);
    if (size + taken > ring.length) {
      widen(size + taken);
    }
    for (int i = 0; i < taken; i++) {
      ring[(head + size + i) % ring.length] = bytes[offset + i];
    }
    size += taken;
    return taken;
  }

  private void widen(int needed) {
    byte[] wide = new byte[Math.min(capacity, Math.max(FEWEST, 2 * needed))];
    for (int i = 0; i < size; i++) {
      wide[i] = ring[(head + i) % ring.length];
    }
    ring = wide;
    head = 0;
  }

  /// The oldest byte, 0 to 255; -1 when empty.
  public int poll() {
    if (size == 0) {
      return -1;
    }
    int result = ring[head] & 0xff;
    head = (head + 1) % ring.length;
    size--;
    if (size == 0 && ring.length > FEWEST) {
      clear();
    }
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
    ring = NOTHING;
    head = 0;
    size = 0;
  }
}
