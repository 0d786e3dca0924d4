package brume.billing.budget;

import brume.contract.Checks;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An amount for a month of UTC: usage less the account's discount, before tax, of all of an
/// account's resources or of those with a tag. It stops nothing; it tells once when a share of it
/// is spent, and once when the month will end there if all that runs now goes on.
///
/// @param actual percents of the amount, told when they are spent
/// @param forecast percents of the amount, told when the month would end there
public record Budget(
    String id, BigDecimal amount, @Nullable Tag tag, List<Integer> actual, List<Integer> forecast) {
  public static final int THRESHOLDS_MAX = 10;
  public static final int PERCENT_MAX = 1000;
  public static final BigDecimal AMOUNT_MAX = BigDecimal.valueOf(1_000_000_000L);

  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}");

  /// Only resources that have this tag now.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Tag(String key, String value) {
    public Tag {
      Checks.length("tag.key", key, 1, 127);
      Checks.length("tag.value", value, 0, 255);
    }
  }

  public Budget {
    Checks.pattern("budgetId", id, ID);
    if (amount.signum() <= 0 || amount.compareTo(AMOUNT_MAX) > 0) {
      throw new IllegalArgumentException("amount must be above 0 and up to " + AMOUNT_MAX);
    }
    actual = percents("actual", actual);
    forecast = percents("forecast", forecast);
    if (actual.isEmpty() && forecast.isEmpty()) {
      throw new IllegalArgumentException("actual or forecast must have a threshold");
    }
  }

  private static List<Integer> percents(String field, List<Integer> percents) {
    if (percents.size() > THRESHOLDS_MAX) {
      throw new IllegalArgumentException(
          field + " must have at most " + THRESHOLDS_MAX + " thresholds, not " + percents.size());
    }
    percents.forEach(percent -> Checks.range(field, percent, 1, PERCENT_MAX));
    return percents.stream().distinct().sorted().toList();
  }
}
