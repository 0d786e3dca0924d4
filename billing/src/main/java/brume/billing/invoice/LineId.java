package brume.billing.invoice;

import brume.billing.rating.Charge;
import brume.billing.rating.Period;
import brume.billing.rating.Quantity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The names of invoices and their lines, made from what they are about and nothing that changes
/// while the month goes on, so that a draft's line keeps its name when it is issued, and an invoice
/// that is issued again after a crash has the same name.
final class LineId {
  private static final int DIGITS = 17;

  private LineId() {}

  static String of(String accountId, Period period, Charge.Of of) {
    return switch (of) {
      case Charge.Usage usage -> of(accountId, period, usage.quantity());
      case Charge.Discounted discounted -> line(accountId, period, "discount");
      case Charge.Committed committed -> line(accountId, period, "commitment");
      case Charge.Corrected corrected -> line(accountId, period, "correction", corrected.lineId());
    };
  }

  static String of(String accountId, Period period, Quantity quantity) {
    return line(
        accountId,
        period,
        quantity.resourceId(),
        quantity.meter().name(),
        quantity.sku(),
        quantity.priceBookId());
  }

  static String invoice(String accountId, Period period) {
    return "inv-" + digest(accountId, period, "month");
  }

  private static String line(String accountId, Period period, String... about) {
    return "line-" + digest(accountId, period, about);
  }

  private static String digest(String accountId, Period period, String... about) {
    String all = accountId + "\n" + period.start() + "\n" + String.join("\n", about);
    return HexFormat.of()
        .formatHex(sha256().digest(all.getBytes(StandardCharsets.UTF_8)))
        .substring(0, DIGITS);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
