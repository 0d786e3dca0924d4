package brume.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.billing.Seeds;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiscountTest {
  @ParameterizedTest
  @CsvSource({"0, 0", "1, 100", "1250, 125000", "10000, 1000000"})
  void itTakesItsPart(int basisPoints, long micros) {
    assertThat(new Discount(basisPoints).of(Amount.ofMicros(1_000_000)))
        .isEqualTo(Amount.ofMicros(micros));
  }

  @Test
  void aSecondsDiscountIsExact() {
    Seeds.each(
        500,
        random -> {
          BigInteger product =
              BigInteger.valueOf(random.nextLong(1L << 40))
                  .multiply(BigInteger.valueOf(random.nextLong(1L << 40)));
          long unitsPerPrice = new long[] {3600, 3600 * 1024, 1L << 30}[random.nextInt(3)];
          Amount used = Amount.of(product, unitsPerPrice);
          Discount discount = new Discount(random.nextInt(10_001));
          assertThat(discount.of(used).parts().multiply(BigInteger.valueOf(10_000)))
              .isEqualTo(used.parts().multiply(BigInteger.valueOf(discount.basisPoints())));
        });
  }

  @Test
  void moreThanAllIsRefused() {
    assertThatThrownBy(() -> new Discount(10_001)).hasMessageContaining("basisPoints must be 0 to");
  }
}
