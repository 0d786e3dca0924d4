package brume.hypervisor.firmware;

import brume.hypervisor.firmware.VirtTree.Region;
import brume.hypervisor.memory.GuestRam;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Puts kernel, initial RAM disk, firmware and device tree into RAM:
///
/// ```
///   0x8000_0000   firmware (full machine), else free
///   + text_offset kernel, then what it zeroes
///   ...
///   initrd        as high as possible below the device tree
///   top - 64 KiB  device tree
/// ```
public final class BootLoader {
  private static final long TREE_BYTES_MAX = 64 * 1024;
  private static final long PAGE = 4096;

  /// The kernel maps the tree early, through a window that must not need more than this.
  private static final long TREE_BELOW = 3L << 30;

  private static final long FIRMWARE_BYTES_MAX = 16 << 20;

  /// Where harts start.
  ///
  /// @param entry first instruction
  /// @param deviceTree address of the tree, for `a1`
  /// @param dynamicInfo address of what `fw_dynamic` firmware finds through `a2`; 0 if there is
  ///   none
  public record Start(long entry, long deviceTree, long dynamicInfo) {}

  private BootLoader() {}

  /// A paravirtual machine: the kernel itself starts, in S-mode.
  ///
  /// @param tree makes the device tree once the place of the initrd is known
  public static Start kernel(
      GuestRam ram, Path kernel, @Nullable Path initrd, Function<@Nullable Region, byte[]> tree) {
    KernelImage image = KernelImage.load(kernel, ram, ram.base());
    long treeAt = treeAddress(ram);
    Region disk = initrd == null ? null : loadInitrd(ram, initrd, image.end(), treeAt);
    requireFree(image.end(), treeAt);
    placeTree(ram, treeAt, tree.apply(disk));
    return new Start(image.entry(), treeAt, 0);
  }

  /// A full machine: raw M-mode firmware at the start of RAM, and behind it the kernel, if any,
  /// that `fw_dynamic` firmware is told of.
  public static Start firmware(
      GuestRam ram,
      Path firmware,
      @Nullable Path kernel,
      @Nullable Path initrd,
      Function<@Nullable Region, byte[]> tree) {
    long firmwareEnd = loadFirmware(ram, firmware);
    long treeAt = treeAddress(ram);
    long end = firmwareEnd;
    long entry = 0;
    if (kernel != null) {
      KernelImage image = KernelImage.load(kernel, ram, firmwareEnd);
      entry = image.entry();
      end = image.end();
    }
    Region disk = initrd == null ? null : loadInitrd(ram, initrd, end, treeAt);
    requireFree(end, treeAt);
    placeTree(ram, treeAt, tree.apply(disk));
    long information = treeAt + TREE_BYTES_MAX - 64;
    writeDynamicInformation(ram, information, entry);
    return new Start(ram.base(), treeAt, information);
  }

  private static long loadFirmware(GuestRam ram, Path path) {
    try (BootFile file = BootFile.open("firmware", path)) {
      if (file.size() == 0 || file.size() > FIRMWARE_BYTES_MAX) {
        throw file.refuse("has " + file.size() + " bytes; raw firmware has 1 to 16 MiB");
      }
      if (file.size() >= 4 && file.bytes(0, 4).getInt() == 0x464c_457f) {
        throw file.refuse("is an ELF file; give the raw image (.bin), or run it with --elf");
      }
      if (!ram.contains(ram.base(), file.size() + TREE_BYTES_MAX)) {
        throw new BootFailure("memory", "is too small for the firmware");
      }
      file.copy(0, file.size(), ram, ram.base());
      return ram.base() + file.size();
    }
  }

  private static Region loadInitrd(GuestRam ram, Path path, long from, long below) {
    try (BootFile file = BootFile.open("initrd", path)) {
      long start = (below - file.size()) / PAGE * PAGE;
      if (file.size() == 0) {
        throw file.refuse("is empty");
      }
      if (start < from) {
        throw new BootFailure(
            "memory",
            "%d MiB are too few: kernel and initrd (%d MiB) do not fit"
                .formatted(ram.size() >> 20, (file.size() + (1 << 20) - 1) >> 20));
      }
      file.copy(0, file.size(), ram, start);
      return new Region(start, start + file.size());
    }
  }

  private static long treeAddress(GuestRam ram) {
    return ram.base() + Math.min(ram.size(), TREE_BELOW) - TREE_BYTES_MAX;
  }

  private static void requireFree(long end, long treeAt) {
    if (end > treeAt) {
      throw new BootFailure("memory", "is too small: no room for the device tree");
    }
  }

  private static void placeTree(GuestRam ram, long at, byte[] tree) {
    if (tree.length > TREE_BYTES_MAX - 64) {
      throw new BootFailure(
          "append", "the device tree has " + tree.length + " bytes; the command line is too long");
    }
    ram.write(at, tree, 0, tree.length);
  }

  /// OpenSBI's `struct fw_dynamic_info`, version 2: magic "OSBI", version, next address, next mode
  /// (1 = S), options, boot hart.
  private static void writeDynamicInformation(GuestRam ram, long at, long next) {
    byte[] fields =
        ByteBuffer.allocate(48)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(0x4942_534f)
            .putLong(2)
            .putLong(next)
            .putLong(1)
            .putLong(0)
            .putLong(0)
            .array();
    ram.write(at, fields, 0, fields.length);
  }
}
