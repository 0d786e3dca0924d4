package brume.billing.invoice;

import brume.billing.meter.Meter;
import brume.billing.meter.TransitionSource;
import java.util.HexFormat;

/// The name of a usage record: the log that began it, and the transition there.
final class UsageId {
  private static final String OF_INSTANCE = "use-0";
  private static final String OF_RESOURCE = "use-r";
  private static final int DIGITS = 15;

  private UsageId() {}

  static String of(Meter meter, long openedSeq) {
    boolean instance = meter.log().equals(TransitionSource.INSTANCES);
    return (instance ? OF_INSTANCE : OF_RESOURCE) + HexFormat.of().toHexDigits(openedSeq, DIGITS);
  }

  static long openedSeq(String usageId) {
    return HexFormat.fromHexDigitsToLong(usageId.substring(usageId.length() - DIGITS));
  }
}
