package brume.billing.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An invoice that billing issued, as it is and with something changed.
class InvoiceProofTest {
  private static final Path ISSUED =
      Path.of(
          System.getProperty("brume.repository"),
          "billing/src/test/resources/golden/issued-invoice.json");

  private static JsonNode read(String text) {
    return JsonMapper.shared().readTree(text);
  }

  @Test
  void whatWasIssuedIsProven() throws IOException {
    assertThat(InvoiceProof.faults(read(Files.readString(ISSUED)))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "sku" : "e1.nano"          | "sku" : "e1.mini"         | the certificate is not of this invoice
          "exactAmount" : "69.685551"| "exactAmount" : "69.685552" | the exact amounts add up to exactTotal does not hold
          "exactAmount" : "69.685551"| "exactAmount" : "79.685551" | is not its seconds at its price
          "amount" : "69.68"         | "amount" : "69.67"        | the amounts add up to net does not hold
          "total" : "66.92"          | "total" : "66.93"         | net + tax = total does not hold
          "due" : "66.92"            | "due" : "0.00"            | total - credit = due does not hold
          "number" : 2               | "number" : 3              | the certificate is not of this invoice
          "certificate"              | "paper"                   | there is no certificate
          "adjustments"              | "other"                   | it has no list 'adjustments'
          "net" : "55.77"            | "net" : "much"            | net must be a number
          """)
  void whatWasChangedIsSeen(String part, String instead, String fault) throws IOException {
    String text = Files.readString(ISSUED);
    assertThat(text).contains(part);
    assertThat(InvoiceProof.faults(read(text.replaceFirst(part, instead))))
        .anyMatch(each -> each.contains(fault));
  }

  @Test
  void whatIsNoInvoiceIsSaidToBeNone() {
    assertThat(InvoiceProof.faults(read("[]"))).singleElement().asString().contains("no invoice");
  }
}
