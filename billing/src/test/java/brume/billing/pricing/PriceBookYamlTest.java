package brume.billing.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.billing.meter.Meter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceBookYamlTest {
  private static final String BOOK =
      """
      id: "2027-01"
      currency: USD
      validFrom: "2027-01-01T00:00:00Z"
      validTo: "2028-01-01T00:00:00Z"
      prices:
        - {meter: instance-seconds, sku: e1.nano, micros: 4000, minimumSeconds: 60}
        - {meter: instance-seconds, sku: e1.micro, micros: 8000}
      """;

  @Test
  void aBookIsReadWhole() {
    PriceBook book = PriceBookYaml.read(BOOK);
    assertThat(book.id()).isEqualTo("2027-01");
    assertThat(book.validTo()).isEqualTo("2028-01-01T00:00:00Z");
    assertThat(book.prices().get(0).minimumSeconds()).isEqualTo(60);
    assertThat(book.prices().get(1).minimumSeconds()).as("unless it says so").isEqualTo(1);
  }

  @Test
  void theFirstBookHasAPriceForEachTypeAndIsOpenEnded() throws IOException {
    try (InputStream file = getClass().getResourceAsStream("/prices/2026-01.yaml")) {
      PriceBook book = PriceBookYaml.read(new String(file.readAllBytes(), StandardCharsets.UTF_8));
      assertThat(book.prices())
          .filteredOn(price -> price.meter().equals(Meter.INSTANCE_SECONDS))
          .extracting(Price::sku)
          .containsExactly("e1.nano", "e1.micro", "e1.small", "e1.medium", "e1.large", "e1.xlarge");
      assertThat(book.prices())
          .as("no meter is without a price")
          .extracting(Price::meter)
          .containsAll(Meter.ALL);
      assertThat(book.validTo()).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          micros: 4000     | micros: -1     | prices[0].micros must be 0 to 1000000000000
          micros: 4000     | micros: 4.5    | prices[0].micros must be a whole number
          micros: 4000     | micros: "4000" | prices[0].micros must be a whole number
          micros: 4000     | microsPerMonth: 4000  | has a field 'microsPerMonth'; it may have
          minimumSeconds: 60      | minimumSeconds: 0     | minimumSeconds must be 1 to 86400
          minimumSeconds: 60      | minimumSeconds: 9999999999 | minimumSeconds must be 1 to 86400
          sku: e1.micro           | sku: e1.nano          | two of meter instance-seconds and sku e1.nano
          meter: instance-seconds | meter: moonlight      | egress-bytes], not 'moonlight'
          currency: USD           | currency: usd         | currency must match
          currency: USD           | currency: USD\\nid: b | duplicate key
          2027-01-01T00:00:00Z    | 2027-01-01            | validFrom must be a time in UTC
          2027-01-01T00:00:00Z    | 2027-01-01T00:00:00.5Z| validFrom must be a whole second
          2028-01-01T00:00:00Z    | 2026-01-01T00:00:00Z  | validTo must be after validFrom
          micros: 4000            | sort: 1                | has a field 'sort'
          minimumSeconds: 60      | volume: [{from: 0, micros: 1}] | must have one of micros, graduated and volume, not [micros, volume]
          micros: 4000            | graduated: 7           | graduated must be a list of 2 to 20 tiers
          micros: 4000            | graduated: [{from: 0, micros: 1}] | prices[0]: tiers must be 2 to 20, not 1
          micros: 4000            | volume: [{from: 1, micros: 1}, {from: 2, micros: 1}] | prices[0]: the first tier must begin at 0
          micros: 4000            | volume: [{from: 0, micros: 1}, {from: 0, micros: 1}] | prices[0]: each tier must begin above
          micros: 4000            | volume: [{from: 0, micros: 1}, {from: 1000000000000000, micros: 1}] | prices[0].volume[1].from must be 0 to
          micros: 4000            | micros: 4000, free: 0  | prices[0]: free must be 1 to
          prices:                 | price:                | has a field 'price'
          """)
  void anErrorNamesTheFieldAndWhatItMayBe(String part, String instead, String message) {
    String text = BOOK.replaceFirst(part, instead.replace("\\n", "\n"));
    assertThatThrownBy(() -> PriceBookYaml.read(text)).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"'', must be a mapping", "[1], must be a mapping", "'a: [', is not YAML"})
  void whatIsNoBookIsRefused(String text, String message) {
    assertThatThrownBy(() -> PriceBookYaml.read(text)).hasMessageContaining(message);
  }

  @Test
  void noClassIsMadeFromAFile() {
    assertThatThrownBy(() -> PriceBookYaml.read("!!java.io.File [/etc/passwd]"))
        .hasMessageContaining("is not YAML");
  }
}
