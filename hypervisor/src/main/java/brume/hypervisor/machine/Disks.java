package brume.hypervisor.machine;

import brume.hypervisor.device.virtio.BlockStorage;
import brume.hypervisor.device.virtio.FileStorage;
import brume.hypervisor.device.virtio.OverlayStorage;
import brume.hypervisor.firmware.BootFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The open disks of one machine; they outlive a reset.
final class Disks implements AutoCloseable {
  private final List<BlockStorage> storages = new ArrayList<>();

  static Disks open(List<DiskConfig> configs) {
    Disks disks = new Disks();
    try {
      for (DiskConfig config : configs) {
        disks.storages.add(openOne(config));
      }
      return disks;
    } catch (IOException refused) {
      disks.closeQuietly();
      throw new BootFailure("disk", String.valueOf(refused.getMessage()));
    } catch (RuntimeException refused) {
      disks.closeQuietly();
      throw refused;
    }
  }

  private static BlockStorage openOne(DiskConfig config) throws IOException {
    Path overlay = config.overlay();
    if (overlay == null) {
      return FileStorage.open(config.file(), config.readOnly());
    }
    return OverlayStorage.open(FileStorage.open(config.file(), true), overlay);
  }

  List<BlockStorage> storages() {
    return storages;
  }

  private void closeQuietly() {
    try {
      close();
    } catch (IOException alreadyLost) {
      // The reason for closing is reported instead.
    }
  }

  @Override
  public void close() throws IOException {
    IOException first = null;
    for (BlockStorage storage : storages) {
      try {
        storage.close();
      } catch (IOException lost) {
        first = first == null ? lost : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
