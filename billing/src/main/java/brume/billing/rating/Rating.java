package brume.billing.rating;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Quantities become amounts that add up, in whole and in part: exact amounts to six decimals, and
/// amounts to be paid in the currency's coin. Pure.
///
/// @param lines as the quantities were, in their order
/// @param exactTotal of what was used, to six decimals
/// @param rounding what the coin adds or takes away: `exactTotal + rounding = total`
/// @param total to be paid
public record Rating(
    List<Line> lines,
    List<Subtotal> subtotals,
    BigDecimal exactTotal,
    BigDecimal rounding,
    BigDecimal total) {

  /// @param exact the sixth decimals add up to `exactTotal`
  /// @param amount the coins add up to `total`
  public record Line(Quantity quantity, BigDecimal exact, BigDecimal amount) {}

  /// The lines of one service.
  public record Subtotal(String service, long seconds, BigDecimal exact, BigDecimal amount) {
    private Subtotal plus(Line line) {
      return new Subtotal(
          service,
          Math.addExact(seconds, charged(line)),
          exact.add(line.exact()),
          amount.add(line.amount()));
    }
  }

  /// @param decimals of the currency's smallest coin, 2 for dollars and cents
  public static Rating of(List<Quantity> quantities, int decimals) {
    List<Amount> amounts = quantities.stream().map(Quantity::amount).toList();
    Amount sum = amounts.stream().reduce(Amount.ZERO, Amount::plus);
    List<BigDecimal> exact = Rounding.allocate(amounts, Rounding.EXACT_DECIMALS);
    List<BigDecimal> coins = Rounding.allocate(amounts, decimals);
    List<Line> lines = new ArrayList<>();
    Map<String, Subtotal> subtotals = new LinkedHashMap<>();
    for (int i = 0; i < quantities.size(); i++) {
      Line line = new Line(quantities.get(i), exact.get(i), coins.get(i));
      lines.add(line);
      String service = line.quantity().meter().service();
      subtotals.put(
          service,
          subtotals
              .getOrDefault(
                  service,
                  new Subtotal(
                      service,
                      0,
                      BigDecimal.ZERO.setScale(Rounding.EXACT_DECIMALS),
                      BigDecimal.ZERO.setScale(decimals)))
              .plus(line));
    }
    BigDecimal exactTotal = Rounding.round(sum, Rounding.EXACT_DECIMALS);
    BigDecimal total = Rounding.round(sum, decimals);
    return new Rating(
        List.copyOf(lines),
        List.copyOf(subtotals.values()),
        exactTotal,
        total.subtract(exactTotal),
        total);
  }

  private static long charged(Line line) {
    return Math.addExact(line.quantity().seconds(), line.quantity().minimumSeconds());
  }
}
