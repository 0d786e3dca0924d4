package brume.billing.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AllowanceTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # from, to, total, portions, all of it
          0,   50,  50,  50x0,      0
          0,   100, 100, 100x0,     0
          0,   101, 101, 100x0 1x7, 7
          90,  120, 200, 10x0 20x7, 700
          100, 120, 200, 20x7,      700
          150, 200, 200, 50x7,      700
          """,
      quoteCharacter = (char) 34)
  void theFirstAreFree(long from, long to, long total, String portions, long all) {
    Rate rate = new Allowance(100, new PerUnit(7));
    assertThat(Rates.text(rate.portions(from, to, total))).isEqualTo(portions);
    assertThat(rate.product(total)).isEqualTo(BigInteger.valueOf(all));
  }
}
