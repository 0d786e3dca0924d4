package brume.cli;

import static org.assertj.core.api.Assertions.assertThat;

import brume.cli.cloud.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What may be done with an invoice that was issued, and how a line of it is explained. The invoice
/// is one that billing's own tests issue.
class InvoiceTest extends CommandTest {
  private static final Path REPOSITORY = Path.of(System.getProperty("brume.repository"));
  private static final Path ISSUED =
      REPOSITORY.resolve("billing/src/test/resources/golden/issued-invoice.json");
  private static final Path GOLDEN = REPOSITORY.resolve("cli/src/test/resources/invoice");

  @Test
  void whatWasIssuedIsProvenWithoutACloud() throws IOException {
    environment.remove("BRUME_URL");
    assertThat(brume("invoice", "verify", ISSUED.toString())).as(err()).isZero();
    Golden.compare(GOLDEN.resolve("verified.txt"), out());
    assertThat(cloud.asked()).isEmpty();
    String digest = Json.text(Json.read(Files.readString(ISSUED)), "certificate.digest");
    assertThat(brume("invoice", "verify", ISSUED.toString(), "--digest", digest)).isZero();
    assertThat(brume("invoice", "verify", ISSUED.toString(), "--digest", "00")).isEqualTo(1);
    assertThat(out()).contains("its digest is not 00");
  }

  @Test
  void programsGetEachFinding() throws IOException {
    assertThat(brume("invoice", "verify", ISSUED.toString(), "-o", "json")).as(err()).isZero();
    assertThat(Json.read(out())).isInstanceOf(List.class);
    assertThat(out()).contains("\"holds\" : true").doesNotContain("\"holds\" : false");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "sku" : "e1.nano"          | "sku" : "e1.mini"         | its certificate was made of another one
          "exactAmount" : "69.685551"| "exactAmount" : "69.685552" | the unrounded amounts add up: not so
          "exactAmount" : "69.685551"| "exactAmount" : "79.685551" | these lines are not their seconds at their prices
          "amount" : "69.68"         | "amount" : "69.67"        | the amounts add up: not so
          "total" : "66.92"          | "total" : "66.93"         | net and tax are the total: not so
          "due" : "66.92"            | "due" : "0.00"            | less credits it is due: not so
          "number" : 2               | "number" : 3              | its certificate was made of another one
          """)
  void whatWasChangedIsNotProven(String part, String instead, String finding) throws IOException {
    String text = Files.readString(ISSUED);
    assertThat(text).contains(part);
    typed(text.replaceFirst(part, instead));
    assertThat(brume("invoice", "verify", "-")).isEqualTo(1);
    assertThat(out()).contains("  NO   " + finding).contains("It is NOT the invoice");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "certificate"     | "paper"        | it has no certificate: a draft has none
          "adjustments"     | "other"        | it has no list 'adjustments'
          "net" : "55.77"   | "net" : "much" | net must be a number
          "net" : "55.77"   | "net" : null   | it has no 'net'
          """)
  void whatIsNoInvoiceIsSaidToBeNone(String part, String instead, String fault) throws IOException {
    typed(Files.readString(ISSUED).replaceFirst(part, instead));
    assertThat(brume("invoice", "verify", "-")).isEqualTo(2);
    assertThat(err()).contains(fault);
  }

  @ParameterizedTest
  @CsvSource({"[], not a JSON object", "%PDF-1.7, is not JSON", "'', is not JSON"})
  void aWrongFileIsSaidToBeWrong(String text, String fault) {
    typed(text);
    assertThat(brume("invoice", "verify", "-")).isEqualTo(2);
    assertThat(err()).contains(fault);
    assertThat(brume("invoice", "verify", folder.resolve("none").toString())).isEqualTo(2);
    assertThat(err()).contains("can not be read");
  }

  @Test
  void anInstanceIsShownWithWhatItCostsAndWithoutWhereThatIsNotKnown() {
    cloud.on(
        "summarizeCost",
        ContractCloud.made(
            "CostSummary", "currency", "USD", "exactTotal", "0.003329", "perHour", "0.004000"));
    assertThat(brume("show", ID)).as(err()).isZero();
    assertThat(cloud.asked())
        .extracting(ContractCloud.Asked::line)
        .contains("GET /v1/usage/summary?groupBy=instance&resourceId=" + ID);
    assertThat(out())
        .contains("It costs USD 0.003329 so far this month, and 0.004000 an hour as it is now.");
  }

  @Test
  void anInstanceIsShownWhereBillingRefuses() {
    cloud.refuse("summarizeCost", 403, "forbidden", "not for you", "");
    assertThat(brume("show", ID)).as(err()).isZero();
    assertThat(out()).contains("state ").doesNotContain("It costs");
  }

  @Test
  void settlingSaysWhichOfTheTwo() {
    assertThat(brume("invoice", "settle", "inv-00000000000000001")).isEqualTo(2);
    assertThat(brume("invoice", "settle", "inv-00000000000000001", "--paid", "--void"))
        .isEqualTo(2);
    assertThat(err()).contains("either --paid or --void");
  }

  @Test
  void aLineIsExplainedAsATree() throws IOException {
    Map<String, Object> request =
        Json.object(
            "requestId", "req-1",
            "principal", "tok-00000000000000001",
            "intent", "RUN",
            "at", "2026-10-01T08:10:00Z");
    Map<String, Object> began =
        Json.object(
            "seq", 2,
            "state", "RUNNING",
            "at", "2026-10-01T08:10:04Z",
            "recordedAt", "2026-10-01T08:10:04.120Z",
            "nodeId", "node-00000000000000001",
            "epoch", 1,
            "nodeBootId", "boot-1",
            "nodeMonotonic", 123_456_789L,
            "request", request);
    Map<String, Object> lost =
        Json.object(
            "seq", 9,
            "state", "GONE",
            "cause", "NODE_LOST",
            "at", "2026-10-01T09:00:00Z",
            "recordedAt", "2026-10-01T09:00:15.001Z",
            "nodeId", "node-00000000000000001",
            "epoch", 1);
    Map<String, Object> line = ContractCloud.made("LineExplanation");
    line.put("lineId", "line-a1b2c3d4e5f60718a");
    line.put("resourceId", ID);
    line.put("meter", "instance-seconds");
    line.put("sku", "e1.nano");
    line.put(
        "price",
        Json.object("priceBookId", "2026-01", "validFrom", "2026-01-01T00:00:00Z", "text", "4000"));
    line.put("portions", List.of(Json.object("seconds", 2996, "unitPricePerHour", "0.004000")));
    line.put("quantitySeconds", 2996);
    line.put("exactUnrounded", "0.003328888888888889");
    line.put("exactAmount", "0.003329");
    line.put("amount", "0.00");
    line.put(
        "rounding",
        Json.object(
            "rule", "once for the invoice",
            "exactDifference", "0.000000111111111111",
            "amountDifference", "-0.003328888888888889"));
    line.put(
        "intervals",
        new ArrayList<>(
            List.of(
                Json.object(
                    "usageId",
                    "use-0000000000000002",
                    "start",
                    "2026-10-01T08:10:04Z",
                    "end",
                    "2026-10-01T09:00:00Z",
                    "seconds",
                    2996,
                    "minimumSeconds",
                    0,
                    "opened",
                    began,
                    "closed",
                    lost))));
    line.put("intervalsTotal", 3);
    line.put("changedSince", true);
    cloud.on("explainLine", line);
    assertThat(brume("explain", "line-a1b2c3d4e5f60718a")).as(err()).isZero();
    Golden.compare(GOLDEN.resolve("explained.txt"), out());
  }
}
