package brume.billing.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VolumeTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # from, to, total, portions, all of it
          0,   50,  50,  50x10, 500
          0,   99,  99,  99x10, 990
          0,   100, 100, 100x5, 500
          0,   50,  300, 50x4,  1200
          250, 300, 300, 50x4,  1200
          10,  10,  99,  "",    990
          """,
      quoteCharacter = (char) 34)
  void allHaveTheTierOfTheirTotal(long from, long to, long total, String portions, long all) {
    Rate rate = new Volume(Rates.tiers("0:10 100:5 200:4"));
    assertThat(Rates.text(rate.portions(from, to, total))).isEqualTo(portions);
    assertThat(rate.product(total)).isEqualTo(BigInteger.valueOf(all));
  }
}
