package brume.billing.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraduatedTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # from, to, total, portions, all of it
          0,   50,  50,  50x10,            500
          0,   100, 100, 100x10,           1000
          0,   101, 101, 100x10 1x5,       1005
          0,   300, 300, 100x10 100x5 100x8, 2300
          90,  110, 300, 10x10 10x5,       2300
          200, 250, 250, 50x8,             1900
          50,  50,  60,  "",               600
          """,
      quoteCharacter = (char) 34)
  void eachUnitHasTheTierItFallsIn(long from, long to, long total, String portions, long all) {
    Rate rate = new Graduated(Rates.tiers("0:10 100:5 200:8"));
    assertThat(Rates.text(rate.portions(from, to, total))).isEqualTo(portions);
    assertThat(rate.product(total)).isEqualTo(BigInteger.valueOf(all));
  }
}
