package brume.billing.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.Seeds;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What holds for every model.
class RateTest {
  @Test
  void cuttingAStretchAnywhereNeverChangesWhatItCosts() {
    Seeds.each(
        3000,
        random -> {
          Rate rate = Rates.any(random);
          long total = random.nextLong(20_000);
          BigInteger sum = BigInteger.ZERO;
          long units = 0;
          long from = 0;
          while (from < total) {
            long to = Math.min(total, from + random.nextLong(3_000));
            List<Portion> portions = rate.portions(from, to, total);
            sum = sum.add(product(portions));
            units += portions.stream().mapToLong(Portion::units).sum();
            from = to;
          }
          assertThat(units).as("each unit once").isEqualTo(total);
          assertThat(sum)
              .isEqualTo(product(rate.portions(0, total, total)))
              .as("by the other formula")
              .isEqualTo(rate.product(total));
        });
  }

  private static BigInteger product(List<Portion> portions) {
    return portions.stream().map(Portion::product).reduce(BigInteger.ZERO, BigInteger::add);
  }
}
