package brume.hypervisor.memory;

/// The RAM of one virtual machine. Addresses are guest-physical, in bytes; every access from here
/// is checked against the RAM's bounds and throws [AccessFault] outside them, so devices may hand
/// in whatever a guest gave them.
public final class GuestRam implements AutoCloseable {
  private final long base;
  private final long size;

  private GuestRam(long base, long size) {
    this.base = base;
    this.size = size;
  }

  /// RAM of `size` bytes (a multiple of 4096) at guest-physical `base`, all zero, not yet backed by
  /// host memory.
  public static GuestRam allocate(long base, long size) {
    return new GuestRam(base, size);
  }

  public long base() {
    return base;
  }

  public long size() {
    return size;
  }

  public boolean contains(long address, long bytes) {
    throw new UnsupportedOperationException();
  }

  public int load8(long address) {
    throw new UnsupportedOperationException();
  }

  public int load16(long address) {
    throw new UnsupportedOperationException();
  }

  public int load32(long address) {
    throw new UnsupportedOperationException();
  }

  public long load64(long address) {
    throw new UnsupportedOperationException();
  }

  public void store8(long address, int value) {
    throw new UnsupportedOperationException();
  }

  public void store16(long address, int value) {
    throw new UnsupportedOperationException();
  }

  public void store32(long address, int value) {
    throw new UnsupportedOperationException();
  }

  public void store64(long address, long value) {
    throw new UnsupportedOperationException();
  }

  public void read(long address, byte[] target, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  public void write(long address, byte[] source, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  /// Bytes of host memory that hold pages this guest has touched.
  public long touchedBytes() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
