package brume.billing.web;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.BillingFixture;
import brume.billing.Logs;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every operation of the contract that billing answers, asked by everyone who may not, and what
/// operators of the cloud do.
class OperationsWebDbTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Contract CONTRACT = Contract.load();

  private static BillingService service;

  @BeforeAll
  static void start() {
    BillingFixture fixture = new BillingFixture();
    fixture.append(
        Logs.parse(
            "1 RUNNING 2026-10-05T10:00:00; 1 GONE 2026-10-15T10:00:00; 2 RUNNING 10:00:00"));
    service = BillingService.start(fixture);
    fixture.meterAll(10);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @TestFactory
  Stream<DynamicTest> everyOperationAsksWhoAndWhether() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Contract.Operation operation : CONTRACT.operations()) {
      for (String token : new String[] {null, "unknown", "expired-token", "revoked-token"}) {
        tests.add(
            DynamicTest.dynamicTest(
                operation.method() + " " + operation.path() + " as " + token,
                () -> assertThat(ask(operation, token)).isEqualTo(401)));
      }
      for (String token : tooLittle(operation.right())) {
        tests.add(
            DynamicTest.dynamicTest(
                operation.method() + " " + operation.path() + " as " + token,
                () -> assertThat(ask(operation, token)).isEqualTo(403)));
      }
    }
    return tests.stream();
  }

  private static List<String> tooLittle(String right) {
    return switch (right) {
      case "billing" -> List.of();
      case "owner" -> List.of("reader-token", "cloud-token");
      case "cloud-operator" -> List.of("reader-token", "owner-token");
      default -> throw new AssertionError("unknown right " + right);
    };
  }

  private static int ask(Contract.Operation operation, @Nullable String token) throws Exception {
    String path = operation.path().replaceAll("\\{[^}]*}", "none");
    return service
        .send(
            service
                .request(path, token, null)
                .method(operation.method(), HttpRequest.BodyPublishers.ofString("{}")))
        .statusCode();
  }

  private static HttpResponse<String> put(String path, String body)
      throws IOException, InterruptedException {
    return service.send(
        service.request(path, "cloud-token", null).PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = service.send(service.request(path, "reader-token", null));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  @Test
  void aPriceBookIsTriedPublishedAndRead() throws Exception {
    JsonNode first = get("/v1/price-books/2026-01");
    assertThat(CONTRACT.faults("PriceBook", first)).isEmpty();
    String next =
        first
            .toString()
            .replace("\"2026-01\"", "\"2036-01\"")
            .replace("2026-01-01T", "2036-01-01T")
            .replace(
                "\"sku\":\"e1.nano\",\"micros\":4000",
                "\"sku\":\"e1.nano\",\"free\":10,\"volume\":[{\"from\":0,\"micros\":5000},"
                    + "{\"from\":100,\"micros\":4000}]");
    HttpResponse<String> dry = put("/v1/price-books/2036-01?dryRun=true", next);
    assertThat(dry.statusCode()).as(dry.body()).isEqualTo(200);
    JsonNode change = JSON.readTree(dry.body());
    assertThat(CONTRACT.faults("PriceBookPublication", change)).isEmpty();
    assertThat(change.get("published").asBoolean()).isFalse();
    assertThat(change.get("replaces").asString()).isEqualTo("2026-01");
    assertThat(change.get("changes").toString())
        .isEqualTo(
            "[{\"meter\":\"instance-seconds\",\"sku\":\"e1.nano\",\"before\":\"4000\","
                + "\"after\":\"10 free, then volume: 5000 from 0, 4000 from 100\",\"percent\":25}]");
    assertThat(get("/v1/price-books").get("items").size()).as("only tried").isEqualTo(1);

    assertThat(JSON.readTree(put("/v1/price-books/2036-01", next).body()).get("published"))
        .isEqualTo(JSON.readTree("true"));
    assertThat(JSON.readTree(put("/v1/price-books/2036-01", next).body()).get("published"))
        .as("once")
        .isEqualTo(JSON.readTree("false"));
    JsonNode books = get("/v1/price-books");
    assertThat(CONTRACT.faults("PriceBookList", books)).isEmpty();
    assertThat(books.get("items").get(0).get("validTo").asString())
        .isEqualTo("2036-01-01T00:00:00Z");
    assertThat(get("/v1/price-books/2036-01")).isEqualTo(JSON.readTree(next));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          x           | prices: []                                  | 400 | invalid_value       | id must be a text
          x           | {id: y, currency: USD, validFrom: '2037-01-01T00:00:00Z', prices: [P]} | 400 | invalid_value | id must be 'x' as in the path, not 'y'
          x           | {id: x, currency: EUR, validFrom: '2037-01-01T00:00:00Z', prices: [P]} | 400 | invalid_value | currency must be USD
          x           | {id: x, currency: USD, validFrom: '2037-01-01T00:00:00Z', prices: []}  | 400 | invalid_value | prices must be 1 to
          x           | {id: x, currency: USD, validFrom: '2026-11-20T00:00:00Z', prices: [P]} | 409 | price_book_conflict | is in force
          2026-01     | {id: 2026-01, currency: USD, validFrom: '2026-01-01T00:00:00Z', prices: [P]} | 409 | price_book_conflict | a published book never changes
          x?dry=true  | {}                                          | 400 | unknown_parameter   | known are [dryRun]
          x?dryRun=1  | {}                                          | 400 | invalid_value       | dryRun must be true or false
          """)
  void aBookThatCanNotBeIsRefused(String id, String body, int status, String code, String detail)
      throws Exception {
    String price = "{meter: instance-seconds, sku: e1.nano, micros: 1}";
    HttpResponse<String> answer = put("/v1/price-books/" + id, body.replace("P]", price + "]"));
    JsonNode problem = JSON.readTree(answer.body());
    assertThat(CONTRACT.faults("Problem", problem)).isEmpty();
    assertThat(problem.get("detail").asString()).contains(detail);
    assertThat(problem.get("code").asString()).isEqualTo(code);
    assertThat(answer.statusCode()).isEqualTo(status);
  }

  private static JsonNode putOk(String path, String body) throws Exception {
    HttpResponse<String> answer = put(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static JsonNode asCloudOperator(String path) throws Exception {
    HttpResponse<String> answer = service.send(service.request(path, "cloud-token", null));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  @Test
  void aMonthIsAuditedClosedReadInEachFormAndSettled() throws Exception {
    String account = "/v1/billing-accounts/" + BillingService.ACCOUNT;
    String terms = "{\"country\":\"FR\",\"discountBasisPoints\":500,\"paymentDays\":14}";
    assertThat(CONTRACT.faults("BillingTerms", putOk(account + "/terms", terms))).isEmpty();
    assertThat(asCloudOperator(account + "/terms").get("zone").asString()).isEqualTo("UTC");
    JsonNode credits = putOk(account + "/credits/order-1", "{\"amount\":\"0.10\"}");
    assertThat(CONTRACT.faults("CreditList", credits)).isEmpty();

    JsonNode audit = asCloudOperator("/v1/billing-periods/2026-10/audit");
    assertThat(CONTRACT.faults("UsageAudit", audit)).isEmpty();
    assertThat(audit.get("agrees").asBoolean()).isTrue();
    JsonNode closed = putOk("/v1/billing-periods/2026-10", "");
    assertThat(CONTRACT.faults("ClosedPeriod", closed)).isEmpty();
    assertThat(closed.get("issued").asInt()).isEqualTo(1);
    assertThat(putOk("/v1/billing-periods/2026-10", "").get("unchanged").asInt()).isEqualTo(1);

    JsonNode list = get("/v1/invoices");
    assertThat(CONTRACT.faults("InvoiceList", list)).isEmpty();
    String path = "/v1/invoices/" + list.get("items").get(0).get("id").asString();
    JsonNode invoice = get(path);
    assertThat(CONTRACT.faults("Invoice", invoice)).isEmpty();
    assertThat(invoice.get("net").asString()).as("240 h at 0.004, less 5 %").isEqualTo("0.91");
    assertThat(invoice.get("due").asString()).isEqualTo("0.81");
    for (String[] form :
        new String[][] {
          {"text", "text/plain", "Invoice " + BillingService.ACCOUNT + "-000001 (issued"},
          {"csv", "text/csv", "invoice,line,kind"},
          {"focus", "text/csv", "BilledCost,"},
          {"pdf", "application/pdf", "%PDF-"}
        }) {
      HttpResponse<String> answer =
          service.send(service.request(path + "?format=" + form[0], "reader-token", null));
      assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith(form[1]);
      assertThat(answer.body()).startsWith(form[2]);
    }
    HttpResponse<String> other = service.send(service.request(path, "other-token", null));
    assertThat(other.statusCode()).as("another account's").isEqualTo(404);

    String line = invoice.get("lines").get(0).get("id").asString();
    JsonNode explained = get(path + "/lines/" + line + "/explain");
    assertThat(CONTRACT.faults("LineExplanation", explained)).isEmpty();
    assertThat(explained.get("exactAmount"))
        .isEqualTo(invoice.get("lines").get(0).get("exactAmount"));

    JsonNode paid = putOk(path + "/state", "{\"state\":\"paid\",\"note\":\"by card\"}");
    assertThat(CONTRACT.faults("InvoiceSummary", paid)).isEmpty();
    assertThat(get(path).get("settledNote").asString()).isEqualTo("by card");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          billing-periods/2026-11                      | {}                | 409 | period_open       | can be closed from
          billing-periods/2026-13                      | {}                | 400 | invalid_value     | such as 2026-10
          billing-accounts/000000000009/terms          | {}                | 404 | account_not_found | there is no account
          billing-accounts/000000000001/terms          | {"zone":"Mars/X"} | 400 | invalid_value     | zone must be
          billing-accounts/000000000001/terms          | {"country":"fr"}  | 400 | invalid_value     | country must match
          billing-accounts/000000000001/terms          | {"x":1}           | 400 | invalid_value     | the body is not
          billing-accounts/000000000001/credits/a      | {"amount":"1"}    | 400 | invalid_value     | with 2 decimals
          billing-accounts/000000000001/credits/a      | {"amount":"0.00"} | 400 | invalid_value     | above 0
          billing-accounts/000000000001/credits/!      | {"amount":"1.00"} | 400 | invalid_value     | creditId must match
          invoices/inv-00000000000000000/state         | {"state":"paid"}  | 404 | invoice_not_found | there is no invoice
          invoices/inv-00000000000000000/state         | {"state":"lost"}  | 400 | invalid_value     | state must be
          invoices/inv-00000000000000000/state         | [                 | 400 | invalid_value     | the body is not
          """)
  void whatCanNotBeIsRefused(String path, String body, int status, String code, String detail)
      throws Exception {
    HttpResponse<String> answer = put("/v1/" + path, body);
    JsonNode problem = JSON.readTree(answer.body());
    assertThat(CONTRACT.faults("Problem", problem)).isEmpty();
    assertThat(problem.get("detail").asString()).contains(detail);
    assertThat(problem.get("code").asString()).isEqualTo(code);
    assertThat(answer.statusCode()).isEqualTo(status);
  }

  @Test
  void theCostSoFarIsGroupedAndExplained() throws Exception {
    JsonNode draft = get("/v1/invoices/current");
    String line = draft.get("lines").get(0).get("id").asString();
    JsonNode explained = get("/v1/invoices/current/lines/" + line + "/explain");
    assertThat(CONTRACT.faults("LineExplanation", explained)).isEmpty();
    for (String by : List.of("service", "type", "instance", "day", "tag:team")) {
      JsonNode summary = get("/v1/usage/summary?groupBy=" + by);
      assertThat(CONTRACT.faults("CostSummary", summary)).isEmpty();
      assertThat(summary.get("perHour").asString()).isEqualTo("0.004000");
      assertThat(summary.get("groupBy").asString()).isEqualTo(by);
    }
    HttpResponse<String> wrong =
        service.send(service.request("/v1/usage/summary?groupBy=moon", "reader-token", null));
    assertThat(wrong.statusCode()).isEqualTo(400);
    HttpResponse<String> none =
        service.send(
            service.request("/v1/invoices/current/lines/line-0/explain", "reader-token", null));
    assertThat(JSON.readTree(none.body()).get("code").asString()).isEqualTo("line_not_found");
  }

  private static HttpResponse<String> asOwner(String method, String path, String body)
      throws Exception {
    return service.send(
        service
            .request(path, "owner-token", null)
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  private static JsonNode fits(String schema, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode body = JSON.readTree(answer.body());
    assertThat(CONTRACT.faults(schema, body)).isEmpty();
    return body;
  }

  @Test
  void whatAnAccountMaySpendIsChosenReadAndTold() throws Exception {
    String wanted = "{\"amount\":\"0.01\",\"actual\":[50],\"tag\":{\"key\":\"a\",\"value\":\"b\"}}";
    assertThat(fits("Budget", asOwner("PUT", "/v1/budgets/tagged", wanted)).get("spent").asString())
        .isEqualTo("0.000000");
    JsonNode all =
        fits("Budget", asOwner("PUT", "/v1/budgets/all", wanted.split(",\"tag")[0] + "}"));
    assertThat(all.get("spent").asString())
        .as("506 h at 0.004; another test agrees on a discount of 5 %")
        .isIn("2.024000", "1.922800");
    assertThat(CONTRACT.faults("BudgetList", get("/v1/budgets"))).isEmpty();
    JsonNode alerts = get("/v1/budget-alerts");
    assertThat(CONTRACT.faults("BudgetAlertList", alerts)).isEmpty();
    assertThat(alerts.get("items").size()).isEqualTo(1);
    assertThat(alerts.get("items").get(0).get("budgetId").asString()).isEqualTo("all");
    assertThat(asOwner("DELETE", "/v1/budgets/tagged", "").statusCode()).isEqualTo(204);
    assertThat(asOwner("DELETE", "/v1/budgets/tagged", "").statusCode()).isEqualTo(404);

    JsonNode limit =
        fits(
            "SpendingLimit",
            asOwner("PUT", "/v1/spending-limit", "{\"amount\":\"0.01\",\"stopInstances\":true}"));
    assertThat(limit.get("stop").get("code").asString()).isEqualTo("spending_limit_reached");
    assertThat(CONTRACT.faults("SpendingLimit", get("/v1/spending-limit"))).isEmpty();
    assertThat(fits("SpendingLimit", asOwner("PUT", "/v1/spending-limit", "{}")).has("amount"))
        .as("none any more")
        .isFalse();

    JsonNode webhook =
        fits(
            "BillingWebhook",
            asOwner("PUT", "/v1/billing-webhook", "{\"url\":\"https://a.test/\"}"));
    assertThat(webhook.get("secret").asString()).startsWith("whsec_").hasSizeGreaterThan(40);
    assertThat(fits("BillingWebhook", asOwner("GET", "/v1/billing-webhook", "")).has("secret"))
        .isFalse();
    assertThat(asOwner("DELETE", "/v1/billing-webhook", "").statusCode()).isEqualTo(204);

    String wallet = "/v1/billing-accounts/" + BillingService.OTHER + "/wallet";
    JsonNode prepaid = putOk(wallet, "{\"prepaid\":true}");
    assertThat(CONTRACT.faults("Wallet", prepaid)).isEmpty();
    assertThat(prepaid.get("balance").asString()).isEqualTo("0.00");
    putOk(wallet.replace("wallet", "credits/w-1"), "{\"amount\":\"5.00\",\"note\":\"card\"}");
    HttpResponse<String> own = service.send(service.request("/v1/wallet", "other-token", null));
    JsonNode filled = fits("Wallet", own);
    assertThat(filled.get("balance").asString()).isEqualTo("5.00");
    assertThat(filled.get("movements").get(0).get("note").asString()).isEqualTo("card");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          budgets/a b      | {"amount":"1.00","actual":[1]} | budgetId must match
          budgets/a        | {"amount":"1","actual":[1]}    | amount must be a text with 2 decimals
          budgets/a        | {"amount":"1.00"}              | actual or forecast must have a threshold
          budgets/a        | {"amount":"1.00","actual":[0]} | actual must be 1 to 1000
          budgets/a        | {"amount":"1.00","x":1}        | the body is not
          spending-limit   | {"amount":"0.00"}              | amount must be a text with 2 decimals
          billing-webhook  | {"url":"http://a.test/"}       | url must begin with https://
          billing-webhook  | {}                             | url must have 1 to 500
          """)
  void whatCanNotBeWatchedIsRefused(String path, String body, String detail) throws Exception {
    HttpResponse<String> answer = asOwner("PUT", "/v1/" + path.replace(" ", "%20"), body);
    JsonNode problem = JSON.readTree(answer.body());
    assertThat(CONTRACT.faults("Problem", problem)).isEmpty();
    assertThat(problem.get("detail").asString()).contains(detail);
    assertThat(answer.statusCode()).isEqualTo(400);
  }

  @Test
  void aBookThatIsNotThereIsNotFound() throws Exception {
    HttpResponse<String> answer =
        service.send(service.request("/v1/price-books/none", "reader-token", null));
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(JSON.readTree(answer.body()).get("code").asString())
        .isEqualTo("price_book_not_found");
  }
}
