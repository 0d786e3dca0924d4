package brume.hypervisor.machine;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One disk of a machine.
///
/// @param file the raw image
/// @param readOnly the guest may not write
/// @param overlay where the guest's writes go instead of into `file`; null to write into `file`
///   itself
public record DiskConfig(Path file, boolean readOnly, @Nullable Path overlay) {
  public DiskConfig {
    if (readOnly && overlay != null) {
      throw new IllegalArgumentException("disk: read-only and with an overlay makes no sense");
    }
  }

  public static DiskConfig writable(Path file) {
    return new DiskConfig(file, false, null);
  }

  public static DiskConfig overlaid(Path base, Path overlay) {
    return new DiskConfig(base, false, overlay);
  }
}
