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
  private static final String LINE = "line-";

  private LineId() {}

  static String of(String accountId, Period period, Charge.Of of) {
    return new Names(accountId, period).of(of);
  }

  static String of(String accountId, Period period, Quantity quantity) {
    return new Names(accountId, period).of(quantity);
  }

  static String invoice(String accountId, Period period) {
    return new Names(accountId, period).named("inv-", "month");
  }

  /// Those of one account's month.
  static final class Names {
    private final MessageDigest digest = sha256();
    private final String whose;

    Names(String accountId, Period period) {
      this.whose = accountId + "\n" + period.start() + "\n";
    }

    String of(Charge.Of of) {
      return switch (of) {
        case Charge.Usage usage -> of(usage.quantity());
        case Charge.Discounted discounted -> named(LINE, "discount");
        case Charge.Committed committed -> named(LINE, "commitment");
        case Charge.Corrected corrected -> named(LINE, "correction\n" + corrected.lineId());
      };
    }

    private String of(Quantity quantity) {
      return named(
          LINE,
          quantity.resourceId()
              + "\n"
              + quantity.meter().name()
              + "\n"
              + quantity.sku()
              + "\n"
              + quantity.priceBookId());
    }

    private String named(String prefix, String about) {
      byte[] all = digest.digest((whose + about).getBytes(StandardCharsets.UTF_8));
      return prefix + HexFormat.of().formatHex(all, 0, (DIGITS + 1) / 2).substring(0, DIGITS);
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
