package brume.billing.rating;

import brume.billing.pricing.Portion;
import brume.billing.pricing.Price;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// One account's quantities of one month become amounts that add up, in whole and in part: exact
/// amounts to six decimals, and amounts to be paid in the currency's coin. Quantities that share a
/// price share its allowance and tiers, in the order in which they are given. Pure.
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

  /// @param portions the units at each price
  /// @param parts what it costs, unrounded
  /// @param exact the sixth decimals add up to `exactTotal`
  /// @param amount the coins add up to `total`
  public record Line(
      Quantity quantity,
      List<Portion> portions,
      Amount parts,
      BigDecimal exact,
      BigDecimal amount) {}

  private record PriceKey(String priceBookId, Price price) {}

  /// The lines of one service.
  public record Subtotal(String service, long seconds, BigDecimal exact, BigDecimal amount) {
    private Subtotal plus(Line line) {
      return new Subtotal(
          service,
          Math.addExact(seconds, line.quantity().units()),
          exact.add(line.exact()),
          amount.add(line.amount()));
    }
  }

  /// @param decimals of the currency's smallest coin, 2 for dollars and cents
  public static Rating of(List<Quantity> quantities, int decimals) {
    List<List<Portion>> portions = portions(quantities);
    List<Amount> amounts = new ArrayList<>();
    for (int i = 0; i < quantities.size(); i++) {
      amounts.add(amount(portions.get(i), quantities.get(i).meter().unitsPerPrice()));
    }
    Amount sum = amounts.stream().reduce(Amount.ZERO, Amount::plus);
    List<BigDecimal> exact = Rounding.allocate(amounts, Rounding.EXACT_DECIMALS);
    List<BigDecimal> coins = Rounding.allocate(amounts, decimals);
    List<Line> lines = new ArrayList<>();
    Map<String, Subtotal> subtotals = new LinkedHashMap<>();
    for (int i = 0; i < quantities.size(); i++) {
      Line line =
          new Line(quantities.get(i), portions.get(i), amounts.get(i), exact.get(i), coins.get(i));
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

  /// What they cost together, unrounded.
  public static Amount exact(List<Quantity> quantities) {
    Amount sum = Amount.ZERO;
    List<List<Portion>> portions = portions(quantities);
    for (int i = 0; i < quantities.size(); i++) {
      sum = sum.plus(amount(portions.get(i), quantities.get(i).meter().unitsPerPrice()));
    }
    return sum;
  }

  private static List<List<Portion>> portions(List<Quantity> quantities) {
    Map<PriceKey, Long> totals = new HashMap<>();
    for (Quantity quantity : quantities) {
      totals.merge(key(quantity), quantity.units(), Math::addExact);
    }
    Map<PriceKey, Long> before = new HashMap<>();
    List<List<Portion>> portions = new ArrayList<>();
    for (Quantity quantity : quantities) {
      PriceKey key = key(quantity);
      long from = before.getOrDefault(key, 0L);
      long to = from + quantity.units();
      portions.add(
          quantity.price().rate().portions(from, to, Objects.requireNonNull(totals.get(key))));
      before.put(key, to);
    }
    return portions;
  }

  private static PriceKey key(Quantity quantity) {
    return new PriceKey(quantity.priceBookId(), quantity.price());
  }

  private static Amount amount(List<Portion> portions, long unitsPerPrice) {
    return portions.stream()
        .map(portion -> Amount.of(portion, unitsPerPrice))
        .reduce(Amount.ZERO, Amount::plus);
  }
}
