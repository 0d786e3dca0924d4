package brume.hypervisor.device.virtio;

import java.io.IOException;

/// What a disk keeps its sectors in. Offsets and lengths are in bytes and lie inside [#sizeBytes]
/// (the disk has checked them). One thread at a time.
public interface BlockStorage extends AutoCloseable {
  int SECTOR_BYTES = 512;

  long sizeBytes();

  boolean readOnly();

  void read(long position, byte[] target, int offset, int length) throws IOException;

  void write(long position, byte[] source, int offset, int length) throws IOException;

  /// Returns when everything written so far would survive a loss of power.
  void flush() throws IOException;

  @Override
  void close() throws IOException;
}
