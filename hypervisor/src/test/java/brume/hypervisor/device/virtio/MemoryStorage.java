package brume.hypervisor.device.virtio;

import java.io.IOException;

/// A disk in an array, which can be made to fail.
final class MemoryStorage implements BlockStorage {
  final byte[] content;
  boolean readOnly;
  boolean failing;
  int flushes;

  MemoryStorage(int bytes) {
    content = new byte[bytes];
  }

  @Override
  public long sizeBytes() {
    return content.length;
  }

  @Override
  public boolean readOnly() {
    return readOnly;
  }

  @Override
  public void read(long position, byte[] target, int offset, int length) throws IOException {
    requireHealthy();
    System.arraycopy(content, (int) position, target, offset, length);
  }

  @Override
  public void write(long position, byte[] source, int offset, int length) throws IOException {
    requireHealthy();
    System.arraycopy(source, offset, content, (int) position, length);
  }

  @Override
  public void flush() throws IOException {
    requireHealthy();
    flushes++;
  }

  private void requireHealthy() throws IOException {
    if (failing) {
      throw new IOException("made to fail");
    }
  }

  @Override
  public void close() {}
}
