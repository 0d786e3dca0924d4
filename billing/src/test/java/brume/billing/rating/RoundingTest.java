package brume.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.Seeds;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundingTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # seconds, micros per hour, to cents, to six decimals
          10,          4000,       0.00,     0.000011
          3600,        4000,       0.00,     0.004000
          9000,        4000,       0.01,     0.010000
          3600,        5000,       0.00,     0.005000
          3600,        15000,      0.02,     0.015000
          3601,        5000,       0.01,     0.005001
          31536000,    120000,     1051.20,  1051.200000
          9,           200,        0.00,     0.000000
          9,           600,        0.00,     0.000002
          0,           4000,       0.00,     0.000000
          """)
  void halvesGoToTheEvenCoin(long seconds, long price, String cents, String exact) {
    Amount amount = hours(seconds, price);
    assertThat(Rounding.round(amount, 2)).isEqualTo(new BigDecimal(cents));
    assertThat(Rounding.round(amount, 6)).isEqualTo(new BigDecimal(exact));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # hundredths of a cent in, cents out
          33 33 34          | 0.00 0.00 0.01
          50 50             | 0.01 0.00
          49 49 49 49       | 0.01 0.01 0.00 0.00
          150 150           | 0.02 0.01
          99 1              | 0.01 0.00
          -50 -50           | 0.00 -0.01
          0 0               | 0.00 0.00
          """)
  void theCoinGoesToWhoLostMost(String in, String out) {
    List<Amount> amounts = new ArrayList<>();
    for (String hundredths : in.split(" ")) {
      amounts.add(
          new Amount(
              new BigInteger(hundredths)
                  .multiply(Amount.PARTS_PER_UNIT.divide(BigInteger.valueOf(10_000)))));
    }
    assertThat(Rounding.allocate(amounts, 2).stream().map(BigDecimal::toPlainString).toList())
        .containsExactly(out.split(" "));
  }

  private static Amount hours(long seconds, long micros) {
    return Amount.of(BigInteger.valueOf(seconds).multiply(BigInteger.valueOf(micros)), 3600);
  }

  @Test
  void sharesAddUpAndNoneIsOffByAWholeCoin() {
    Seeds.each(
        2000,
        random -> {
          List<Amount> amounts = new ArrayList<>();
          int count = random.nextInt(40);
          for (int i = 0; i < count; i++) {
            long bound = 1L << (1 + random.nextInt(55));
            amounts.add(
                new Amount(
                    BigInteger.valueOf(random.nextLong(-bound / 4, bound))
                        .multiply(BigInteger.valueOf(random.nextLong(1L << 40)))));
          }
          for (int decimals : new int[] {0, 2, 6}) {
            BigDecimal coin = BigDecimal.ONE.movePointLeft(decimals);
            List<BigDecimal> shares = Rounding.allocate(amounts, decimals);
            Amount sum = amounts.stream().reduce(Amount.ZERO, Amount::plus);
            assertThat(shares.stream().reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo(Rounding.round(sum, decimals));
            for (int i = 0; i < count; i++) {
              BigDecimal scaledError =
                  shares
                      .get(i)
                      .multiply(new BigDecimal(Amount.PARTS_PER_UNIT))
                      .subtract(new BigDecimal(amounts.get(i).parts()));
              assertThat(scaledError.abs())
                  .isLessThan(coin.multiply(new BigDecimal(Amount.PARTS_PER_UNIT)));
            }
          }
        });
  }

  @Test
  void theOrderOfAmountsDoesNotChangeTheirSum() {
    Seeds.each(
        200,
        random -> {
          List<Amount> amounts = new ArrayList<>();
          for (int i = 0; i < 50; i++) {
            amounts.add(hours(random.nextLong(3_000_000), random.nextLong(1_000_000)));
          }
          Amount sum = amounts.stream().reduce(Amount.ZERO, Amount::plus);
          java.util.Collections.shuffle(amounts, (java.util.Random) random);
          assertThat(amounts.stream().reduce(Amount.ZERO, Amount::plus)).isEqualTo(sum);
        });
  }
}
