package brume.billing.invoice;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/// What an account's invoice of a month has of one thing.
///
/// @param month of UTC: `2026-10`
/// @param kind `usage`, `discount`, `commitment` or `correction`
/// @param meter absent where it is of none, and so is the sku
/// @param lines how many of the invoice's lines are added up in it
/// @param units of the meter
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MonthSum(
    String month,
    String invoiceId,
    String currency,
    String kind,
    @Nullable String meter,
    @Nullable String sku,
    int lines,
    String units,
    String exactAmount,
    String amount) {}
