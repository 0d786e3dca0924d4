package brume.billing.budget;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an account has paid ahead, and what is left of it once all that was used is paid: `balance
/// = paidAhead - owed - running`, with tax. It is what would be left if all open months closed now.
///
/// @param prepaid whether the account pays from it alone, so that nothing starts when it is empty
/// @param paidAhead what is left of credits that have not expired
/// @param owed of issued invoices that are not paid
/// @param running what is used and not on an invoice yet
public record Wallet(
    boolean prepaid,
    String currency,
    BigDecimal balance,
    BigDecimal paidAhead,
    BigDecimal owed,
    BigDecimal running,
    List<Movement> movements) {
  public Wallet {
    movements = List.copyOf(movements);
  }

  /// A credit that came in, or what an invoice drew from one.
  ///
  /// @param amount below 0 where it was drawn
  /// @param invoiceId null where it came in
  public record Movement(
      Instant at, String creditId, @Nullable String invoiceId, BigDecimal amount, String note) {}
}
