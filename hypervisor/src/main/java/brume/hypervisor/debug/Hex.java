package brume.hypervisor.debug;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Numbers and bytes as GDB's protocol writes them. What cannot be read is null.
final class Hex {
  private static final HexFormat FORMAT = HexFormat.of();

  private Hex() {}

  /// Unsigned, of 1 to 16 digits.
  static @Nullable Long number(String digits) {
    if (digits.isEmpty()
        || digits.length() > 16
        || !digits.chars().allMatch(HexFormat::isHexDigit)) {
      return null;
    }
    return Long.parseUnsignedLong(digits, 16);
  }

  static byte @Nullable [] bytes(String digits) {
    boolean whole = digits.length() % 2 == 0 && digits.chars().allMatch(HexFormat::isHexDigit);
    return whole ? FORMAT.parseHex(digits) : null;
  }

  static String of(byte[] bytes, int length) {
    return FORMAT.formatHex(bytes, 0, length);
  }

  static String ofText(String text) {
    return FORMAT.formatHex(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The 8 bytes of a register, the lowest first.
  static String ofRegister(long value) {
    return FORMAT.toHexDigits(Long.reverseBytes(value));
  }

  static @Nullable Long register(String digits) {
    Long reversed = digits.length() == 16 ? number(digits) : null;
    return reversed == null ? null : Long.reverseBytes(reversed);
  }
}
