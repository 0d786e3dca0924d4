package brume.billing.terms;

import brume.billing.rating.Commitment;
import brume.billing.rating.Discount;
import brume.contract.Checks;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is agreed with an account. An invoice keeps those that it was made with.
///
/// @param country ISO 3166 of two letters; empty where it is not known
/// @param customerKind `consumer` or `business`, which decides about tax
/// @param zone in which times are shown beside UTC; it never decides what is in a period
/// @param paymentDays from issue to due
/// @param discountBasisPoints hundredths of a percent off all usage
/// @param commitmentMicros millionths of the currency's unit that are paid each month, used or not
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AccountTerms(
    String country,
    String customerKind,
    @Nullable String taxId,
    String zone,
    int paymentDays,
    int discountBasisPoints,
    long commitmentMicros) {
  public static final List<String> CUSTOMER_KINDS = List.of("consumer", "business");
  private static final Pattern COUNTRY = Pattern.compile("([A-Z]{2})?");

  /// Of an account with which nothing is agreed.
  public static final AccountTerms USUAL = new AccountTerms("", "consumer", null, "UTC", 30, 0, 0);

  public AccountTerms {
    Checks.pattern("country", country, COUNTRY);
    if (!CUSTOMER_KINDS.contains(customerKind)) {
      throw new IllegalArgumentException(
          "customerKind must be one of " + CUSTOMER_KINDS + ", not '" + customerKind + "'");
    }
    if (taxId != null) {
      Checks.length("taxId", taxId, 1, 40);
    }
    Checks.length("zone", zone, 1, 64);
    try {
      ZoneId.of(zone);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "zone must be a zone such as Europe/Paris, not '" + zone + "'", e);
    }
    Checks.range("paymentDays", paymentDays, 0, 365);
    Checks.range("discountBasisPoints", discountBasisPoints, 0, Discount.BASIS_POINTS_MAX);
    Checks.range("commitmentMicros", commitmentMicros, 0, Commitment.MICROS_MAX);
  }

  public Discount discount() {
    return new Discount(discountBasisPoints);
  }

  public Commitment commitment() {
    return new Commitment(commitmentMicros);
  }
}
