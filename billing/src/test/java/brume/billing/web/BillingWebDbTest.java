package brume.billing.web;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.BillingFixture;
import brume.billing.Books;
import brume.billing.meter.Transition;
import brume.contract.VmState;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The running service over HTTP, with a clock that stands: what it answers is what the contract
/// says.
class BillingWebDbTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Contract CONTRACT = Contract.load();

  private static BillingService service;

  @BeforeAll
  static void start() {
    BillingFixture fixture = new BillingFixture();
    fixture.append(
        List.of(
            running(1, "i-00000000000000001", 1, "2026-11-22T10:00:00.400Z"),
            ended(2, "i-00000000000000001", 1, "2026-11-22T10:00:10.900Z"),
            running(3, "i-00000000000000002", 2, "2026-11-22T11:59:00Z"),
            running(4, "i-00000000000000001", 3, "2026-11-22T11:00:00.100Z"),
            ended(5, "i-00000000000000001", 3, "2026-11-22T11:00:00.200Z")));
    service = BillingService.start(fixture);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void theInvoiceIsWhatTheContractSays() throws Exception {
    HttpResponse<String> answer = get("/v1/invoices/current", "reader-token", null);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains("application/json");
    JsonNode invoice = JSON.readTree(answer.body());
    assertThat(CONTRACT.faults("Invoice", invoice)).isEmpty();
    assertThat(invoice.get("accountName").asString()).isEqualTo("first");
    assertThat(invoice.get("asOf").asString()).isEqualTo("2026-11-22T12:00:00Z");
    assertThat(invoice.get("lines").size()).isEqualTo(2);

    JsonNode used = invoice.get("lines").get(0);
    assertThat(used.get("resourceName").asString()).isEqualTo("web");
    assertThat(used.get("seconds").asLong()).isEqualTo(10);
    assertThat(used.get("minimumSeconds").asLong()).as("the start of 0.1 s").isEqualTo(1);
    assertThat(used.get("exactAmount").asString()).as("11 s of 4000 µ/h").isEqualTo("0.000012");
    assertThat(used.get("end").asString()).isEqualTo("2026-11-22T11:00:00Z");
    assertThat(used.get("intervals").size()).isEqualTo(2);

    JsonNode open = invoice.get("lines").get(1);
    assertThat(open.has("end")).isFalse();
    assertThat(open.has("resourceName")).isFalse();
    assertThat(open.get("seconds").asLong()).isEqualTo(60);
    assertThat(invoice.get("exactTotal").asString()).isEqualTo("0.000079");
    assertThat(invoice.get("rounding").asString()).isEqualTo("-0.000079");
    assertThat(invoice.get("total").asString()).isEqualTo("0.00");
  }

  @Test
  void theContractsOwnExamplesFollowIt() {
    List<Contract.Operation> operations = CONTRACT.operations();
    assertThat(operations).hasSizeGreaterThan(4);
    for (Contract.Operation operation : operations) {
      assertThat(CONTRACT.exampleFaults(operation, JSON::valueToTree)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          text/plain                       | text/plain;charset=UTF-8
          text/*                           | text/plain;charset=UTF-8
          text/plain, */*;q=0.1            | text/plain;charset=UTF-8
          */*                              | application/json
          application/json, text/plain     | application/json
          application/json;q=0.5,text/plain| text/plain;charset=UTF-8
          """)
  void theInvoiceIsATableForThoseWhoLikeText(String accept, String type) throws Exception {
    HttpResponse<String> answer = get("/v1/invoices/current", "reader-token", accept);
    assertThat(answer.headers().firstValue("content-type")).contains(type);
    assertThat(answer.body()).contains("i-00000000000000001").contains("0.000079");
  }

  @Test
  void usageComesInPagesThatFollowTheContract() throws Exception {
    HttpResponse<String> first = get("/v1/usage?limit=2", "owner-token", null);
    JsonNode page = JSON.readTree(first.body());
    assertThat(CONTRACT.faults("UsagePage", page)).isEmpty();
    assertThat(page.get("items").size()).isEqualTo(2);
    String cursor = page.get("nextCursor").asString();
    JsonNode rest =
        JSON.readTree(get("/v1/usage?limit=2&cursor=" + cursor, "owner-token", null).body());
    assertThat(rest.get("items").size()).isEqualTo(1);
    assertThat(rest.has("nextCursor")).isFalse();
    assertThat(
            LongStream.of(
                    page.get("items").get(0).get("seconds").asLong(),
                    page.get("items").get(1).get("seconds").asLong(),
                    rest.get("items").get(0).get("seconds").asLong())
                .toArray())
        .containsExactly(10, 60, 0);
    assertThat(page.get("items").get(1).has("end")).isFalse();
  }

  @Test
  void usageOfATimeIsWhatTouchesIt() throws Exception {
    String query = "/v1/usage?from=2026-11-22T10:00:10Z&to=2026-11-22T11:59:00Z";
    JsonNode page = JSON.readTree(get(query, "owner-token", null).body());
    assertThat(page.get("items").size()).as("only the short start at eleven").isEqualTo(1);
  }

  @Test
  void anAccountSeesNothingOfAnother() throws Exception {
    JsonNode invoice = JSON.readTree(get("/v1/invoices/current", "other-token", null).body());
    assertThat(invoice.get("accountId").asString()).isEqualTo(BillingService.OTHER);
    assertThat(invoice.get("lines").size()).isZero();
    assertThat(invoice.get("total").asString()).isEqualTo("0.00");
    JsonNode usage = JSON.readTree(get("/v1/usage", "other-token", null).body());
    assertThat(usage.get("items").size()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /v1/invoices/current    |               |                 | 401 | unauthenticated   | Bearer <token>
          /v1/invoices/current    | unknown       |                 | 401 | unauthenticated   | not known
          /v1/usage               | expired-token |                 | 401 | unauthenticated   | expired at 2026-11-01T00:00:00Z
          /v1/usage               | revoked-token |                 | 401 | unauthenticated   | revoked
          /v1/invoices/current    | owner-token   | image/png       | 406 | not_acceptable    | text/plain
          /v1/invoices/current?x=1| owner-token   |                 | 400 | unknown_parameter | 'x'
          /v1/usage?limit=0       | owner-token   |                 | 400 | invalid_value     | 1 to 1000
          /v1/usage?limit=abc     | owner-token   |                 | 400 | invalid_value     | 1 to 1000
          /v1/usage?limit=1&limit=2| owner-token  |                 | 400 | invalid_value     | once
          /v1/usage?from=today    | owner-token   |                 | 400 | invalid_value     | 2026-11-22T11:29:42Z
          /v1/usage?from=+900000-01-01T00:00:00Z| owner-token |     | 400 | invalid_value     | from must be
          /v1/usage?to=2026-10-01T00:00:00Z | owner-token |         | 400 | invalid_value     | after from
          /v1/usage?cursor=abc    | owner-token   |                 | 400 | invalid_value     | nextCursor
          /v1/invoices/2026-10    | owner-token   |                 | 404 | invoice_not_found | GET /v1/invoices lists them
          /v1/invoices/a/b        | owner-token   |                 | 404 | path_not_found    | nothing at GET
          """)
  void refusalsSayWhatToDo(
      String path,
      @Nullable String token,
      @Nullable String accept,
      int status,
      String code,
      String detail)
      throws Exception {
    HttpResponse<String> answer = get(path.replace("+", "%2B"), token, accept);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    JsonNode problem = JSON.readTree(answer.body());
    assertThat(CONTRACT.faults("Problem", problem)).isEmpty();
    assertThat(problem.get("code").asString()).isEqualTo(code);
    assertThat(problem.get("detail").asString()).contains(detail);
    assertThat(answer.headers().firstValue("x-request-id"))
        .contains(problem.get("requestId").asString());
  }

  @Test
  void otherMethodsAreRefused() throws Exception {
    HttpResponse<String> answer =
        service.send(
            service
                .request("/v1/invoices/current", "owner-token", null)
                .POST(HttpRequest.BodyPublishers.ofString("{}")));
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(JSON.readTree(answer.body()).get("code").asString()).isEqualTo("method_not_allowed");
  }

  @Test
  void aRequestKeepsTheIdItCameWith() throws Exception {
    HttpResponse<String> answer =
        service.send(
            service.request("/v1/usage", "owner-token", null).header("x-request-id", "req-abc"));
    assertThat(answer.headers().firstValue("x-request-id")).contains("req-abc");
  }

  @Test
  void healthIsUp() throws Exception {
    assertThat(get("/actuator/health", null, null).body()).contains("\"status\":\"UP\"");
  }

  private static HttpResponse<String> get(
      String path, @Nullable String token, @Nullable String accept)
      throws IOException, InterruptedException {
    return service.send(service.request(path, token, accept));
  }

  private static Transition running(long seq, String instance, long epoch, String at) {
    return new Transition(
        seq,
        instance,
        epoch,
        BillingService.ACCOUNT,
        Books.NANO,
        VmState.RUNNING,
        Instant.parse(at));
  }

  private static Transition ended(long seq, String instance, long epoch, String at) {
    return new Transition(
        seq, instance, epoch, BillingService.ACCOUNT, Books.NANO, VmState.GONE, Instant.parse(at));
  }
}
