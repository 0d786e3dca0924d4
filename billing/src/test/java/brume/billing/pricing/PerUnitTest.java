package brume.billing.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PerUnitTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # from, to, total, portions, all of it
          0, 10,  10,  10x7, 70
          3, 10,  100, 7x7,  700
          5, 5,   5,   "",   35
          0, 0,   0,   "",   0
          """,
      quoteCharacter = (char) 34)
  void everyUnitCostsTheSame(long from, long to, long total, String portions, long all) {
    Rate rate = new PerUnit(7);
    assertThat(Rates.text(rate.portions(from, to, total))).isEqualTo(portions);
    assertThat(rate.product(total)).isEqualTo(BigInteger.valueOf(all));
  }
}
