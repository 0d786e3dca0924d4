package brume.cli;

import static org.assertj.core.api.Assertions.assertThat;

import brume.cli.cloud.Json;
import brume.cli.grammar.Verb;
import brume.cli.verbs.Verbs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What each verb asks of the cloud. The cloud of these tests is made from the contract, and finds
/// faults with what is not in it.
class VerbsTest extends CommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          ps -a                        | GET /v1/instances?limit=1000
          ps --state running --tag a=b | GET /v1/instances?state=running&tag=a%3Db&limit=1000
          ps -a --type e1.nano --image debian --name w --node node-1 | GET /v1/instances?type=e1.nano&image=debian&name=w&node=node-1&limit=1000
          ps --as-of 2026-10-01T12:00:00Z | GET /v1/instances?asOf=2026-10-01T12%3A00%3A00Z&limit=1000
          run                          | POST /v1/instances {"image":"debian-micro","type":"e1.micro"}
          run --image d --type e1.nano -n 2 --name w --zone b --tag a=b --tag c=d=e --user-data hi | POST /v1/instances {"image":"d","type":"e1.nano","count":2,"name":"w","zone":"b","tags":{"a":"b","c":"d=e"},"userData":"aGk="}
          show ID                      | GET /v1/instances/ID
          start ID                     | POST /v1/instances/ID/start
          stop ID                      | POST /v1/instances/ID/stop
          reboot ID                    | POST /v1/instances/ID/reboot
          terminate ID                 | POST /v1/instances/ID/terminate
          edit ID --name n --type e1.large --protect on | PATCH /v1/instances/ID {"name":"n","type":"e1.large","terminationProtected":true}
          protect ID --off             | PATCH /v1/instances/ID {"terminationProtected":false}
          images --name d              | GET /v1/images?name=d&limit=1000
          types                        | GET /v1/instance-types
          account                      | GET /v1/account
          whoami                       | GET /v1/account
          quotas                       | GET /v1/account
          tokens                       | GET /v1/tokens?limit=1000
          tokens create ci --role operator --scope Describe*,Run* --expires 1 --cloud-operator | POST /v1/tokens {"label":"ci","role":"operator","scopes":["Describe*","Run*"],"expiresAt":"2026-11-23T12:00:00Z","cloudOperator":true}
          tokens rotate tok-00000000000000001 --overlap 0 | POST /v1/tokens/tok-00000000000000001/rotate {"overlapSeconds":0}
          tokens revoke tok-00000000000000001 | DELETE /v1/tokens/tok-00000000000000001
          keys -a                      | GET /v1/access-keys?limit=1000
          keys create tf --user usr-00000000000000001 | POST /v1/access-keys {"label":"tf","role":"reader","userId":"usr-00000000000000001"}
          keys rotate AKIABRUMEEXAMPLE2345 | POST /v1/access-keys/AKIABRUMEEXAMPLE2345/rotate {}
          keys delete AKIABRUMEEXAMPLE2345 | DELETE /v1/access-keys/AKIABRUMEEXAMPLE2345
          users                        | GET /v1/users?limit=1000
          users add ada@example.com --role reader | POST /v1/users {"name":"ada@example.com","role":"reader"}
          users edit usr-00000000000000001 --role owner | PATCH /v1/users/usr-00000000000000001 {"role":"owner"}
          users remove usr-00000000000000001 | DELETE /v1/users/usr-00000000000000001
          policies                     | GET /v1/policies
          policies show pol-00000000000000001 | GET /v1/policies/pol-00000000000000001
          policies create p --deny Terminate* --tag env=prod --type e1.* | POST /v1/policies {"name":"p","effect":"deny","actions":["Terminate*"],"types":["e1.*"],"tags":{"env":"prod"}}
          policies delete pol-00000000000000001 | DELETE /v1/policies/pol-00000000000000001
          audit --action RunInstances --outcome done --by tok-1 --resource i-1 --request r --from 2026-10-01T00:00:00Z --to 2026-10-02T00:00:00Z --limit 5 | GET /v1/audit?action=RunInstances&outcome=done&principal=tok-1&resource=i-1&requestId=r&from=2026-10-01T00%3A00%3A00Z&to=2026-10-02T00%3A00%3A00Z&limit=5
          audit --export jsonl         | GET /v1/audit/export?format=jsonl
          nodes                        | GET /v1/nodes?limit=1000
          nodes cordon node-00000000000000001 | PATCH /v1/nodes/node-00000000000000001 {"availability":"cordoned"}
          nodes drain node-00000000000000001 | PATCH /v1/nodes/node-00000000000000001 {"availability":"draining"}
          nodes open node-00000000000000001 | PATCH /v1/nodes/node-00000000000000001 {"availability":"active"}
          accounts                     | GET /v1/accounts?limit=1000
          accounts show 000000000001   | GET /v1/accounts/000000000001
          accounts create Blue --quota vcpu=400 --quota volumesMax=5 | POST /v1/accounts {"name":"Blue","quotas":{"vcpuMax":400,"volumesMax":5}}
          accounts edit 000000000001 --suspended yes --name n | PATCH /v1/accounts/000000000001 {"name":"n","suspended":true}
          invoice -o json              | GET /v1/invoices/current
          invoices                     | GET /v1/invoices
          invoice inv-00000000000000001 | GET /v1/invoices/inv-00000000000000001?format=text
          invoice inv-00000000000000001 -o json | GET /v1/invoices/inv-00000000000000001
          invoice inv-00000000000000001 --as focus | GET /v1/invoices/inv-00000000000000001?format=focus
          invoice settle inv-00000000000000001 --paid --note card | PUT /v1/invoices/inv-00000000000000001/state {"state":"paid","note":"card"}
          invoice settle inv-00000000000000001 --void | PUT /v1/invoices/inv-00000000000000001/state {"state":"voided"}
          costs --by tag:team          | GET /v1/usage/summary?groupBy=tag%3Ateam
          explain line-00000000000000001 | GET /v1/invoices/current/lines/line-00000000000000001/explain
          explain line-00000000000000001 --invoice inv-00000000000000001 | GET /v1/invoices/inv-00000000000000001/lines/line-00000000000000001/explain
          budgets                      | GET /v1/budgets
          budgets set blue --amount 100.00 --at 80,100 --forecast 100 --tag team=blue | PUT /v1/budgets/blue {"amount":"100.00","tag":{"key":"team","value":"blue"},"actual":[80,100],"forecast":[100]}
          budgets set all --amount 9.00 | PUT /v1/budgets/all {"amount":"9.00","actual":[100],"forecast":[]}
          budgets delete blue          | DELETE /v1/budgets/blue
          budgets alerts               | GET /v1/budget-alerts
          budgets webhook              | GET /v1/billing-webhook
          budgets webhook https://example.com/x | PUT /v1/billing-webhook {"url":"https://example.com/x"}
          budgets webhook --off        | DELETE /v1/billing-webhook
          limit                        | GET /v1/spending-limit
          limit 50.00 --stop-instances | PUT /v1/spending-limit {"amount":"50.00","stopInstances":true}
          limit none                   | PUT /v1/spending-limit {"stopInstances":false}
          wallet                       | GET /v1/wallet
          wallet 000000000001          | GET /v1/billing-accounts/000000000001/wallet
          wallet 000000000001 --prepaid on | PUT /v1/billing-accounts/000000000001/wallet {"prepaid":true}
          wallet 000000000001 --top-up 5.00 --id o-1 --note card | PUT /v1/billing-accounts/000000000001/credits/o-1 {"amount":"5.00","note":"card"}
          prices                       | GET /v1/price-books
          prices 2026-01               | GET /v1/price-books/2026-01
          usage --from 2026-10-01T00:00:00Z | GET /v1/usage?from=2026-10-01T00%3A00%3A00Z&limit=1000
          """)
  void asksThis(String line, String request) {
    assertThat(brume(line.replace("ID", ID).split(" "))).as(err()).isZero();
    ContractCloud.Asked asked = cloud.asked().getFirst();
    assertThat(asked.headers()).containsEntry("Authorization", "Bearer brume_secret");
    String body = asked.body().isEmpty() ? "" : " " + Json.line(asked.json());
    assertThat(asked.line() + body).isEqualTo(request.replace("ID", ID));
  }

  @Test
  void whatChangesSomethingHasAKeyThatEachCommandMakesAnew() {
    assertThat(brume("run")).isZero();
    assertThat(brume("run", "--client-token", "mine")).isZero();
    assertThat(cloud.asked().getFirst().headers().get("Idempotency-Key")).startsWith("cli-");
    assertThat(cloud.asked().get(1).headers()).containsEntry("Idempotency-Key", "mine");
  }

  @Test
  void aDryRunSaysWhereWhatWaitsAndWhatItCosts() {
    Map<String, Object> forecast =
        Map.of(
            "accepted",
            true,
            "refusals",
            List.of(),
            "placements",
            List.of(Map.of("zone", "a"), Map.of("zone", "a")),
            "waiting",
            1,
            "waitsFor",
            "no node has 1 vCPU free",
            "prices",
            List.of(
                Map.of(
                    "currency", "USD",
                    "perHour", "0.020000",
                    "minimumSeconds", 60,
                    "priceBookId", "standard-2026")));
    cloud.on("runInstances", forecast);
    assertThat(brume("run", "-n", "3", "--dry-run")).as(err()).isZero();
    assertThat(cloud.asked().getFirst().line()).isEqualTo("POST /v1/instances?dryRun=true");
    assertThat(out())
        .isEqualTo(
            """
            Room for 2 in zone a
            1 would wait: no node has 1 vCPU free
            An hour of all costs USD 0.020000; each start is charged 60 s at least (price book standard-2026)
            Nothing was launched.
            """);
  }

  @Test
  void aDryRunThatWouldBeRefusedSaysWhy() {
    cloud.on(
        "runInstances",
        Map.of(
            "accepted", false,
            "refusals", List.of(Map.of("code", "quota", "detail", "count: at most 20 instances")),
            "placements", List.of(),
            "waiting", 0,
            "prices", List.of()));
    assertThat(brume("run", "--dry-run")).isEqualTo(1);
    assertThat(out()).startsWith("It would be refused: count: at most 20 instances");
  }

  @Test
  void anIssuedInvoiceIsWrittenAsTheCloudWroteItADraftIsNot() throws IOException {
    Path file = folder.resolve("october.pdf");
    cloud.onText("getInvoice", "application/pdf", Map.of(), "%PDF-1.7 …");
    String id = "inv-00000000000000001";
    assertThat(brume("invoice", id, "--as", "pdf", "--to", file.toString())).as(err()).isZero();
    assertThat(file).hasContent("%PDF-1.7 …");
    assertThat(brume("invoice", "--as", "pdf")).isEqualTo(2);
    assertThat(err()).contains("--as: this month's is a draft");
    assertThat(brume("invoice", id, "--to", file.toString())).isEqualTo(2);
    assertThat(err()).contains("--to: say as what by --as: pdf, csv, focus");
  }

  @Test
  void tagsAreSetAmongOthersAndAgainWhereSomebodyWasFaster() {
    cloud.on("getInstance", running(), Map.of("ETag", "\"1\""));
    cloud.on("getInstance", running(), Map.of("ETag", "\"2\""));
    cloud.refuse("updateInstance", 412, "version_changed", "it was changed", "");
    cloud.on("updateInstance", instance("running", "tags", Map.of("team", "blue")));
    assertThat(brume("tag", ID, "team=blue", "x=y", "--remove", "gone")).as(err()).isZero();
    List<ContractCloud.Asked> changes =
        cloud.asked().stream().filter(a -> a.operation().equals("updateInstance")).toList();
    assertThat(changes)
        .extracting(asked -> asked.headers().get("If-Match"))
        .containsExactly("\"1\"", "\"2\"");
    assertThat(changes.getLast().body()).isEqualTo("{\"tags\":{\"team\":\"blue\",\"x\":\"y\"}}");
    assertThat(out()).contains("tags      team=blue");
  }

  @Test
  void aPolicyIsChangedWithWhatItWas() {
    cloud.on(
        "getPolicy",
        ContractCloud.made("Policy", "name", "old", "effect", "deny", "actions", List.of("Run*")),
        Map.of("ETag", "\"7\""));
    assertThat(brume("policies", "edit", "pol-00000000000000001", "--tag", "a=b")).isZero();
    ContractCloud.Asked change = cloud.asked().getLast();
    assertThat(change.headers()).containsEntry("If-Match", "\"7\"");
    assertThat(Json.text(change.json(), "name")).isEqualTo("old");
    assertThat(Json.text(change.json(), "tags.a")).isEqualTo("b");
  }

  @Test
  void namesAreFoundForUsersAndPolicies() {
    cloud.onItems(
        "listUsers", ContractCloud.made("User", "id", "usr-00000000000000009", "name", "ada"));
    assertThat(brume("users", "remove", "ada")).isZero();
    assertThat(cloud.asked().getLast().line()).endsWith("usr-00000000000000009");
    assertThat(brume("users", "remove", "bob")).isEqualTo(1);
    assertThat(err()).contains("nobody is called 'bob'");
  }

  @Test
  void theExportIsPassedOnLineByLine() {
    cloud.onText("exportAuditEntries", "text/csv", Map.of(), "id,action\r\naud-1,Run\r\n");
    assertThat(brume("audit", "--export", "csv")).isZero();
    assertThat(out()).isEqualTo("id,action\naud-1,Run\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"table", "json", "yaml", "csv"})
  void everyVerbThatShowsHasEveryFormat(String format) {
    List<String> lines =
        List.of(
            "ps -a",
            "show " + ID,
            "run",
            "stop " + ID,
            "images",
            "types",
            "account",
            "whoami",
            "quotas",
            "tokens",
            "keys",
            "users",
            "policies",
            "audit",
            "nodes",
            "accounts",
            "accounts show 000000000001",
            "invoice",
            "usage",
            "budgets",
            "budgets alerts",
            "limit",
            "wallet",
            "config",
            "tokens create x",
            "keys create x",
            "accounts create x",
            "users remove usr-00000000000000001");
    for (String line : lines) {
      assertThat(brume((line + " -o " + format).split(" "))).as(line + ": " + err()).isZero();
      assertThat(out()).as(line).isNotBlank();
      if (format.equals("json")) {
        assertThat(Json.read(out())).as(line).isNotNull();
      }
    }
  }

  @Test
  void aPriceBookIsPublishedFromAFile() {
    Object book = ContractCloud.made("PriceBook", "id", "2027-01");
    typed(Json.line(book));
    assertThat(brume("prices", "publish", "-", "--dry-run")).as(err()).isZero();
    ContractCloud.Asked asked = cloud.asked().getFirst();
    assertThat(asked.line()).isEqualTo("PUT /v1/price-books/2027-01?dryRun=true");
    assertThat(asked.json()).isEqualTo(Json.read(Json.line(book)));
    typed("no book");
    assertThat(brume("prices", "publish", "-")).isEqualTo(2);
    typed("{");
    assertThat(brume("prices", "publish", "-")).isEqualTo(2);
    String yaml = "# prices\nid: \"2027-01\"  # next year's\nprices:\n  - {sku: a, id: b}\n";
    typed(yaml);
    assertThat(brume("prices", "publish", "-")).as(err()).isZero();
    assertThat(cloud.asked().getLast().line()).isEqualTo("PUT /v1/price-books/2027-01");
    assertThat(cloud.asked().getLast().body()).isEqualTo(yaml);
  }

  @Test
  void statesAndRolesAreThoseOfTheContract() {
    for (Object state : Contract.values("InstanceState")) {
      assertThat(brume("ps", "--state", state.toString())).isZero();
    }
    for (Object role : Contract.values("Role")) {
      assertThat(brume("tokens", "create", "x", "--role", role.toString())).isZero();
    }
  }

  @Test
  void aGroupOfVerbsHasOneThatStandsAlone() {
    Stream<Verb> subordinate = Verbs.GRAMMAR.verbs().stream().filter(Verb::isSubordinate);
    assertThat(subordinate)
        .allSatisfy(verb -> assertThat(Verbs.GRAMMAR.verb(verb.name().split(" ")[0])).isPresent());
  }
}
