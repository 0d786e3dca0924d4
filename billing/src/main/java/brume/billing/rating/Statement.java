package brume.billing.rating;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All that an account pays for a month, rounded once and shared out so that everything adds up: `Σ
/// exact = exactTotal`, `Σ amount = net`, `exactTotal + rounding = net`, `net + tax = total`. Pure.
public record Statement(
    List<Line> lines,
    List<Subtotal> subtotals,
    BigDecimal exactTotal,
    BigDecimal rounding,
    BigDecimal net,
    Tax taxed,
    BigDecimal tax,
    BigDecimal total) {

  /// @param exact the sixth decimals add up to `exactTotal`
  /// @param amount the coins add up to `net`
  public record Line(Charge charge, BigDecimal exact, BigDecimal amount) {}

  /// The lines of one title.
  public record Subtotal(String title, long seconds, BigDecimal exact, BigDecimal amount) {
    private Subtotal plus(Line line) {
      long more =
          line.charge().of() instanceof Charge.Usage usage ? usage.quantity().chargedSeconds() : 0;
      return new Subtotal(
          title, Math.addExact(seconds, more), exact.add(line.exact()), amount.add(line.amount()));
    }
  }

  /// @param usage the month's
  /// @param corrections of earlier months, which neither discount nor commitment touches
  /// @param decimals of the currency's smallest coin, 2 for dollars and cents
  public static Statement of(
      List<Charge> usage,
      List<Charge> corrections,
      Discount discount,
      Commitment commitment,
      Tax tax,
      int decimals) {
    List<Charge> charges = new ArrayList<>(usage);
    Amount used = sum(usage);
    Amount off = discount.of(used);
    if (off.parts().signum() != 0) {
      charges.add(new Charge(new Charge.Discounted(discount), "Discount", off.negated()));
    }
    Amount missing = commitment.shortfall(used.minus(off));
    if (missing.parts().signum() != 0) {
      charges.add(new Charge(new Charge.Committed(), "Commitment", missing));
    }
    charges.addAll(corrections);
    return rounded(charges, tax, decimals);
  }

  private static Statement rounded(List<Charge> charges, Tax tax, int decimals) {
    List<Amount> amounts = charges.stream().map(Charge::parts).toList();
    Amount sum = sum(charges);
    List<BigDecimal> exact = Rounding.allocate(amounts, Rounding.EXACT_DECIMALS);
    List<BigDecimal> coins = Rounding.allocate(amounts, decimals);
    List<Line> lines = new ArrayList<>();
    Map<String, Subtotal> subtotals = new LinkedHashMap<>();
    for (int i = 0; i < charges.size(); i++) {
      Line line = new Line(charges.get(i), exact.get(i), coins.get(i));
      lines.add(line);
      String title = line.charge().title();
      Subtotal none =
          new Subtotal(
              title,
              0,
              BigDecimal.ZERO.setScale(Rounding.EXACT_DECIMALS),
              BigDecimal.ZERO.setScale(decimals));
      subtotals.put(title, subtotals.getOrDefault(title, none).plus(line));
    }
    BigDecimal exactTotal = Rounding.round(sum, Rounding.EXACT_DECIMALS);
    BigDecimal net = Rounding.round(sum, decimals);
    BigDecimal taxAmount = Rounding.tax(net, tax.basisPoints(), decimals);
    return new Statement(
        List.copyOf(lines),
        List.copyOf(subtotals.values()),
        exactTotal,
        net.subtract(exactTotal),
        net,
        tax,
        taxAmount,
        net.add(taxAmount));
  }

  private static Amount sum(List<Charge> charges) {
    return charges.stream().map(Charge::parts).reduce(Amount.ZERO, Amount::plus);
  }
}
