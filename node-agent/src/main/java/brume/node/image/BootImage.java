package brume.node.image;

import brume.contract.Checks;
import java.nio.file.Path;

/// What a machine boots: local files whose digests were verified, and the kernel's command line.
/// The files belong to the cache and are never written; a VM may map them as long as it lives.
///
/// @param source the string that was resolved, such as `builtin:debian-micro`
/// @param kernel a RISC-V Linux `Image`
/// @param initrd a cpio archive, possibly compressed; a [GuestSeed] may be appended to its bytes
/// @param commandLine what the kernel is given as bootargs
/// @param digest SHA-256 of the image's manifest, hexadecimal; it stands for all its content
/// @param minMemoryMib with less memory the guest does not come up
public record BootImage(
    String source, Path kernel, Path initrd, String commandLine, String digest, int minMemoryMib) {

  public BootImage {
    Checks.length("commandLine", commandLine, 0, ImageManifest.COMMAND_LINE_MAX);
    Checks.range("minMemoryMib", minMemoryMib, 1, ImageManifest.MEMORY_MIB_MAX);
  }
}
