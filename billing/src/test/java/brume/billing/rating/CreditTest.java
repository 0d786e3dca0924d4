package brume.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreditTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          # credits: id left expiry                     | due   | drawn
          a 10.00 never                                 | 4.00  | a 4.00
          a 10.00 never                                 | 14.00 | a 10.00
          a 10.00 never, b 3.00 2026-12-01T00:00:00Z    | 5.00  | b 3.00, a 2.00
          a 10.00 2026-11-22T12:00:00Z, b 3.00 never    | 5.00  | b 3.00
          b 1.00 never, a 1.00 never                    | 1.50  | a 1.00, b 0.50
          a 0.00 never                                  | 1.50  | -
          a 5.00 never                                  | 0.00  | -
          a 5.00 never                                  | -2.00 | -
          """)
  void whatExpiresFirstPaysFirst(String credits, BigDecimal due, String drawn) {
    List<Credit> all = new ArrayList<>();
    for (String credit : credits.split(", ")) {
      String[] words = credit.split(" ");
      all.add(
          new Credit(
              words[0],
              new BigDecimal(words[1]),
              words[2].equals("never") ? null : Instant.parse(words[2])));
    }
    assertThat(
            String.join(
                ", ",
                Credit.draw(all, due, NOW).stream()
                    .map(draw -> draw.creditId() + " " + draw.amount())
                    .toList()))
        .isEqualTo(drawn == null ? "" : drawn);
  }
}
