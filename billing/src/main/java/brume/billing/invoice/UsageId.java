package brume.billing.invoice;

import java.util.HexFormat;

/// The name of a usage record: the transition that began it.
final class UsageId {
  private UsageId() {}

  static String of(long openedSeq) {
    return "use-" + HexFormat.of().toHexDigits(openedSeq, 16);
  }
}
