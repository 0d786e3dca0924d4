package brume.hypervisor.firmware;

import brume.hypervisor.memory.GuestRam;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The memory in which an architecture test leaves its results: `[start, end)`, physical, between
/// the symbols `begin_signature` and `end_signature`.
public record SignatureRegion(long start, long end) {
  private static final String PART = "signature";
  private static final int WORD_BYTES = 4;

  /// To be asked before the program runs. Throws [BootFailure] where the region is not whole words
  /// of RAM or the file cannot be written; it is then empty.
  public void prepare(GuestRam ram, Path file) {
    long bytes = end - start;
    if (bytes < 0
        || start % WORD_BYTES != 0
        || bytes % WORD_BYTES != 0
        || !ram.contains(start, bytes)) {
      throw new BootFailure(
          PART, "0x%x to 0x%x are not whole words of 4 bytes in RAM".formatted(start, end));
    }
    try {
      Files.writeString(file, "");
    } catch (IOException unwritable) {
      throw new BootFailure(PART, "cannot be written: " + unwritable);
    }
  }

  /// A word of 4 bytes on each line, eight hexadecimal digits, as the suites' reference models
  /// write theirs.
  public void write(GuestRam ram, Path file) {
    try (BufferedWriter lines = Files.newBufferedWriter(file)) {
      for (long at = start; at < end; at += WORD_BYTES) {
        lines.write("%08x%n".formatted(ram.load32(at)));
      }
    } catch (IOException unwritable) {
      throw new UncheckedIOException(
          "the signature cannot be written: " + unwritable.getMessage(), unwritable);
    }
  }
}
