package brume.billing.invoice;

import java.util.HexFormat;

/// The name of a usage record: the transition that began it.
final class UsageId {
  private static final String PREFIX = "use-";

  private UsageId() {}

  static String of(long openedSeq) {
    return PREFIX + HexFormat.of().toHexDigits(openedSeq, 16);
  }

  static long openedSeq(String usageId) {
    return HexFormat.fromHexDigitsToLong(usageId.substring(PREFIX.length()));
  }
}
