package brume.billing.invoice;

import brume.billing.rating.Rounding;
import java.math.BigDecimal;

/// How amounts are written: plain decimal text, never a binary fraction and never an exponent.
final class Money {
  private Money() {}

  static String text(BigDecimal amount) {
    return amount.toPlainString();
  }

  static String percent(int basisPoints) {
    return BigDecimal.valueOf(basisPoints, 2).stripTrailingZeros().toPlainString() + " %";
  }

  static String micros(long micros) {
    return BigDecimal.valueOf(micros, Rounding.EXACT_DECIMALS).toPlainString();
  }
}
