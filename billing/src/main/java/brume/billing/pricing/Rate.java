package brume.billing.pricing;

import java.math.BigInteger;
import java.util.List;

/// How units become money: what an account uses of one thing in one month, under one price. Units
/// are counted from 0 in the order in which the invoice lists them, so that what a line costs is
/// what its units `[from, to)` of the `total` cost, and lines always add up to the whole.
public sealed interface Rate permits PerUnit, Allowance, Graduated, Volume {
  /// The units `[from, to)`, cut where the price changes. Cutting a stretch anywhere never changes
  /// what it costs.
  List<Portion> portions(long from, long to, long total);

  /// What all the units cost, by a way of its own: the sum of the products of the portions.
  BigInteger product(long total);

  /// The price that is shown beside a line: of the first unit that costs something.
  long listMicros();

  /// In a few words, for people.
  String text(long unitsPerPrice);

  static void requireStretch(long from, long to, long total) {
    if (from < 0 || to < from || total < to) {
      throw new IllegalArgumentException(
          "0 <= from <= to <= total must hold, not " + from + ", " + to + ", " + total);
    }
  }
}
