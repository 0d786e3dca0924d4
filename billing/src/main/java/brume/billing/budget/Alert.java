package brume.billing.budget;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something that an account is told once: by its stream of events, and by its webhook, which sends
/// exactly this as JSON.
///
/// @param kind `actual` or `forecast` for a budget's threshold, `limit` or `wallet` for what stops
///   launches
/// @param amount the budget's, the limit, or what is left in the wallet
/// @param reached what was spent, or is forecast
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Alert(
    String id,
    String accountId,
    long number,
    String kind,
    @Nullable String budgetId,
    @Nullable Integer percent,
    String amount,
    String reached,
    String currency,
    String message,
    Instant at) {}
