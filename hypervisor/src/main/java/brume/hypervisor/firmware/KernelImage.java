package brume.hypervisor.firmware;

import brume.hypervisor.memory.GuestRam;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// A Linux kernel in the flat `Image` form (Linux Documentation/arch/riscv/boot-image-header.rst),
/// loaded at a 2 MiB boundary plus its `text_offset`, with `image_size` bytes kept for it.
///
/// @param entry where it starts
/// @param end behind its last byte of RAM, zeroed data included
public record KernelImage(long entry, long end) {
  static final long BOUNDARY = 2 << 20;

  private static final String PART = "kernel";
  private static final int HEADER_BYTES = 64;
  private static final int MAGIC_OFFSET = 48, MAGIC2_OFFSET = 56;
  private static final long MAGIC = 0x0000_0056_4353_4952L;
  private static final int MAGIC2 = 0x0543_5352;
  private static final int BIG_ENDIAN_FLAG = 1;

  /// Puts the kernel at the first place it may have at or behind `from`.
  public static KernelImage load(Path path, GuestRam ram, long from) {
    try (BootFile file = BootFile.open(PART, path)) {
      if (file.size() < HEADER_BYTES) {
        throw file.refuse("has " + file.size() + " bytes; a kernel Image has a header of 64");
      }
      ByteBuffer header = file.bytes(0, HEADER_BYTES);
      requireImage(file, header);
      long textOffset = header.getLong(8);
      long imageSize = Math.max(header.getLong(16), file.size());
      if (textOffset < 0 || textOffset > ram.size() || header.getLong(16) < 0) {
        throw file.refuse("has a header with impossible sizes; is it damaged?");
      }
      long start = (from + BOUNDARY - 1) / BOUNDARY * BOUNDARY;
      // Images ask for 2 MiB behind the start of RAM; what lies below is the firmware's.
      long entry = Math.max(start, ram.base() + textOffset);
      if (!ram.contains(entry, imageSize)) {
        throw new BootFailure(
            "memory",
            "%d MiB are too few: the kernel alone needs %d MiB from %d MiB on"
                .formatted(
                    ram.size() >> 20,
                    (imageSize + BOUNDARY - 1) >> 20,
                    (entry - ram.base()) >> 20));
      }
      file.copy(0, file.size(), ram, entry);
      return new KernelImage(entry, entry + imageSize);
    }
  }

  private static void requireImage(BootFile file, ByteBuffer header) {
    if (header.getLong(MAGIC_OFFSET) == MAGIC || header.getInt(MAGIC2_OFFSET) == MAGIC2) {
      if ((header.getLong(24) & BIG_ENDIAN_FLAG) != 0) {
        throw file.refuse("is a big-endian kernel; this machine is little-endian");
      }
      return;
    }
    int first = header.getInt(0);
    if ((first & 0xffff) == 0x8b1f) {
      throw file.refuse("is compressed; unpack it with gunzip first");
    }
    if (first == 0x464c_457f) {
      throw file.refuse("is an ELF file; give the flat Image (arch/riscv/boot/Image)");
    }
    if (header.getInt(MAGIC2_OFFSET) == 0x644d_5241) {
      throw file.refuse("is a kernel for arm64; this machine is riscv64");
    }
    throw file.refuse("is not a riscv64 kernel Image (no RISCV magic at offset 48)");
  }
}
