package brume.billing.rating;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// The one place where money is rounded: half to even, once for a sum, and shared out among its
/// parts by largest remainder, so that what is printed always adds up.
public final class Rounding {
  /// Finer than any currency's coin, to show what a few seconds cost.
  public static final int EXACT_DECIMALS = 6;

  private Rounding() {}

  public static BigDecimal round(Amount amount, int decimals) {
    return new BigDecimal(amount.parts().multiply(BigInteger.TEN.pow(decimals)))
        .divide(new BigDecimal(Amount.PARTS_PER_UNIT), 0, RoundingMode.HALF_EVEN)
        .movePointLeft(decimals)
        .setScale(decimals);
  }

  /// To the decimals in which what is not an invoice's is shown.
  public static BigDecimal exact(BigDecimal amount) {
    return amount.setScale(EXACT_DECIMALS, RoundingMode.HALF_EVEN);
  }

  /// What so many seconds cost at so much for an hour, for a forecast.
  public static BigDecimal ofHour(BigDecimal perHour, long seconds) {
    return perHour
        .multiply(BigDecimal.valueOf(seconds))
        .divide(BigDecimal.valueOf(3600), EXACT_DECIMALS, RoundingMode.HALF_EVEN);
  }

  /// A tax on an amount in coins.
  public static BigDecimal tax(BigDecimal net, int basisPoints, int decimals) {
    return net.multiply(BigDecimal.valueOf(basisPoints, 4))
        .setScale(decimals, RoundingMode.HALF_EVEN);
  }

  /// Shares out the rounded sum: each gets its amount rounded down, and what is left goes one by
  /// one to those that lost most, the earlier first. None differs from its exact amount by a whole
  /// last digit.
  public static List<BigDecimal> allocate(List<Amount> amounts, int decimals) {
    // A whole number: the parts of a unit are a multiple of ten to the sixth.
    BigInteger partsOfShare = Amount.PARTS_PER_UNIT.divide(BigInteger.TEN.pow(decimals));
    List<BigInteger> shares = new ArrayList<>();
    List<BigInteger> lost = new ArrayList<>();
    BigInteger left =
        round(amounts.stream().reduce(Amount.ZERO, Amount::plus), decimals).unscaledValue();
    for (Amount amount : amounts) {
      BigInteger[] divided = amount.parts().divideAndRemainder(partsOfShare);
      boolean below = divided[1].signum() < 0;
      BigInteger share = below ? divided[0].subtract(BigInteger.ONE) : divided[0];
      shares.add(share);
      lost.add(below ? divided[1].add(partsOfShare) : divided[1]);
      left = left.subtract(share);
    }
    IntStream.range(0, amounts.size())
        .boxed()
        .sorted(Comparator.comparing(lost::get, Comparator.reverseOrder()))
        .limit(left.longValueExact())
        .forEach(i -> shares.set(i, shares.get(i).add(BigInteger.ONE)));
    return shares.stream().map(share -> new BigDecimal(share, decimals)).toList();
  }
}
