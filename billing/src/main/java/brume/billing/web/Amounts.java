package brume.billing.web;

import brume.billing.budget.Budget;
import java.math.BigDecimal;
import java.util.Currency;
import org.jspecify.annotations.Nullable;

/// Amounts as clients send them: a text in coins, so that no reader's binary fractions touch them.
final class Amounts {
  private Amounts() {}

  static BigDecimal coins(String field, @Nullable String text, Currency currency) {
    int decimals = currency.getDefaultFractionDigits();
    if (text != null && text.matches("[0-9]{1,10}\\.[0-9]{" + decimals + "}")) {
      BigDecimal amount = new BigDecimal(text);
      if (amount.signum() > 0 && amount.compareTo(Budget.AMOUNT_MAX) <= 0) {
        return amount;
      }
    }
    throw Refused.invalid(
        field,
        field
            + " must be a text with "
            + decimals
            + " decimals, above 0 and up to "
            + Budget.AMOUNT_MAX);
  }

  static @Nullable String text(@Nullable BigDecimal amount) {
    return amount == null ? null : amount.toPlainString();
  }
}
