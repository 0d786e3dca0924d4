package brume.billing.budget;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What an account chose about its spending, and what was found at the last look.
///
/// @param limit for a month of UTC, usage less the discount, before tax; null for none
/// @param stopsInstances at the limit, or at an empty wallet, not only launches end
/// @param prepaid it pays from credits alone
/// @param lookedAt null before the first look
/// @param balance of a wallet
public record Spending(
    @Nullable BigDecimal limit,
    boolean stopsInstances,
    boolean prepaid,
    @Nullable Instant lookedAt,
    @Nullable BigDecimal spent,
    @Nullable BigDecimal balance,
    @Nullable Stop stop) {
  public static final Spending NONE = new Spending(null, false, false, null, null, null, null);

  /// Why nothing may be launched or started.
  ///
  /// @param code `spending_limit_reached` or `wallet_empty`
  public record Stop(String code, String detail) {}
}
