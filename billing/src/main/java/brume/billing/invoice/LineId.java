package brume.billing.invoice;

import brume.billing.rating.Period;
import brume.billing.rating.Quantity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The name of an invoice line, made from what the line is about and nothing that changes while the
/// month goes on, so that a draft's line keeps its name when it is issued.
final class LineId {
  private static final int DIGITS = 17;

  private LineId() {}

  static String of(String accountId, Period period, Quantity quantity) {
    String about =
        String.join(
            "\n",
            accountId,
            period.start().toString(),
            quantity.resourceId(),
            quantity.meter().name(),
            quantity.sku(),
            quantity.priceBookId());
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(about.getBytes(StandardCharsets.UTF_8));
      return "line-" + HexFormat.of().formatHex(digest).substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
