package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.compute.TestCloud.Answer;
import brume.compute.access.Action;
import brume.compute.access.Needs;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// The contract and the controllers are the same, in both directions, and every example in the
/// contract is true of a cloud that holds what the examples speak of.
final class ContractDbTest {
  private static final String NODE = "node-00000000000000001";

  /// Values that differ from one run to the next; their form is checked by the schema.
  private static final List<String> VOLATILE =
      List.of("id", "reservationId", "requestId", "createdAt", "expiresAt", "token", "secret");

  private static TestCloud cloud;
  private static StubScheduler scheduler;

  @BeforeAll
  static void start() {
    scheduler = new StubScheduler();
    cloud = TestCloud.start("--brume.scheduler.url=" + scheduler.url());
    cloud.prices("USD", "standard-2026", Map.of("e1.small", 10_000L));
    cloud.owner.sql("DELETE FROM compute.api_token WHERE role <> 'owner'").update();
    cloud
        .owner
        .sql(
            "UPDATE compute.api_token SET id = 'tok-00000000000000001',"
                + " created_at = '2026-10-01T08:00:00Z' WHERE account_id = ?")
        .param(TestCloud.ACCOUNT)
        .update();
    cloud.owner.sql("UPDATE compute.access_key SET created_at = '2026-10-01T08:00:00Z'").update();
    cloud.token("tok-00000000000000002", TestCloud.ACCOUNT, "x".repeat(40), "operator", false);
    cloud
        .owner
        .sql(
            "UPDATE compute.api_token SET label = 'ci', created_at = '2026-10-01T09:00:00Z'"
                + " WHERE id = 'tok-00000000000000002'")
        .update();
    cloud
        .owner
        .sql(
            "UPDATE compute.account SET vcpu_max = 200, created_at = '2026-10-01T08:00:00Z'"
                + " WHERE id = ?")
        .param(TestCloud.ACCOUNT)
        .update();
    cloud.node(NODE, "node-1", "http://127.0.0.1:9100");
    cloud
        .owner
        .sql(
            "UPDATE scheduling.node SET vcpu = 2, vcpu_used = 1, memory_mib = 2048,"
                + " memory_mib_used = 128, last_heartbeat_at = '2026-10-01T08:59:58Z',"
                + " lease_expires_at = '2026-10-01T09:00:13Z'")
        .update();
    instance(1, "web", "e1.nano", 128, "RUN", "2026-10-01T08:10:00Z");
    instance(2, null, "e1.small", 512, "RUN", "2026-10-01T08:30:00Z");
    cloud
        .owner
        .sql("INSERT INTO compute.instance_tag VALUES ('i-00000000000000001', 'team', 'blue')")
        .update();
    cloud.allocate("i-00000000000000001", 1, NODE);
    cloud.vm("i-00000000000000001", 1, "RUNNING", null, null);
    cloud.transition(1, "i-00000000000000001", "STARTING", "2026-10-01T08:10:01Z");
    cloud.transition(2, "i-00000000000000001", "RUNNING", "2026-10-01T08:10:04Z");
    cloud.sample("i-00000000000000001", 1, "2026-10-01T08:10:10Z", 500_000_000, 2_500_000_000L, 0);
    cloud.sample(
        "i-00000000000000001", 1, "2026-10-01T08:10:20Z", 560_000_000, 2_750_000_000L, 4096);
    cloud.refuse(
        "i-00000000000000002",
        1,
        "no node has 1 vCPU and 512 MiB free; the largest free is 1 vCPU and 256 MiB");
  }

  private static void instance(
      int n, String name, String type, int memory, String intent, String at) {
    cloud
        .owner
        .sql(
            "INSERT INTO compute.instance (id, account_id, reservation_id, launch_index, name,"
                + " image_id, instance_type, vcpu, memory_mib, baseline_percent, intent,"
                + " created_at, intent_at) VALUES (?, ?, ?, 0, ?, 'ami-00000000000000001', ?, 1, ?,"
                + " 5, ?, ?::timestamptz, ?::timestamptz)")
        .params(
            "i-0000000000000000" + n,
            TestCloud.ACCOUNT,
            "r-0000000000000000" + n,
            name,
            type,
            memory,
            intent,
            at,
            at)
        .update();
  }

  @AfterAll
  static void stop() {
    scheduler.close();
    cloud.close();
  }

  private static Map<String, HandlerMethod> controllers() {
    Map<String, HandlerMethod> operations = new TreeMap<>();
    cloud
        .context
        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .forEach((mapping, method) ->
            mapping
                .getPatternValues()
                .forEach(path ->
                    mapping
                        .getMethodsCondition()
                        .getMethods()
                        .forEach(verb -> operations.put(verb + " " + path, method))));
    operations.keySet().removeIf(name -> !name.contains(" /v1/"));
    return operations;
  }

  private static boolean isForwarded(HandlerMethod method) {
    return method.getBeanType().getPackageName().endsWith(".billing");
  }

  @Test
  void everyOperationHasAControllerAndEveryControllerAnOperation() {
    TreeSet<String> contract = new TreeSet<>();
    // Billing's operations are forwarded by prefix.
    Contract.ENTRIES.stream()
        .filter(entry -> !entry.isForwarded())
        .forEach(entry -> contract.add(entry.name()));
    Map<String, HandlerMethod> code = controllers();
    assertThat(code.values().removeIf(ContractDbTest::isForwarded)).isTrue();
    assertThat(new TreeSet<>(code.keySet())).isEqualTo(contract);
  }

  @Test
  void rightsAndParametersAreTheSame() {
    Map<String, HandlerMethod> controllers = controllers();
    for (Contract.Entry entry : Contract.ENTRIES) {
      if (entry.isForwarded()) {
        continue;
      }
      HandlerMethod method = controllers.get(entry.name());
      Action action = Action.of(method.getMethodAnnotation(Needs.class).value());
      assertThat(action.name()).as(entry.name()).isEqualTo(entry.action());
      String right = action.right().name().toLowerCase(Locale.ROOT);
      assertThat(right.replace('_', '-')).as(entry.name()).isEqualTo(entry.right());
      TreeSet<String> inCode = new TreeSet<>();
      for (var parameter : method.getMethodParameters()) {
        RequestParam annotation = parameter.getParameterAnnotation(RequestParam.class);
        if (annotation != null) {
          inCode.add(annotation.value());
        }
        if (parameter.getParameterType().getSimpleName().equals("Paging")) {
          inCode.addAll(List.of("limit", "cursor"));
        }
      }
      TreeSet<String> inContract = new TreeSet<>();
      entry.parameters("query").forEach(parameter -> inContract.add(parameter.getName()));
      assertThat(inCode).as(entry.name()).isEqualTo(inContract);
    }
  }

  @Test
  void everyPostTakesAnIdempotencyKey() {
    for (Contract.Entry entry : Contract.ENTRIES) {
      // Signing in again makes another session, and the oldest goes: nobody could give its cookie
      // again.
      if (entry.method().equals("POST") && !entry.right().equals("anybody")) {
        assertThat(entry.parameters("header"))
            .as(entry.name())
            .anyMatch(parameter -> parameter.getName().equals("Idempotency-Key"));
      }
    }
  }

  /// Reading operations first, then refusals, then what changes the cloud: an example speaks of the
  /// cloud as it was laid out.
  @TestFactory
  Stream<DynamicTest> everyExampleIsTrue() {
    List<DynamicTest> tests = new ArrayList<>();
    for (boolean reading : new boolean[] {true, false}) {
      for (Contract.Entry entry : Contract.ENTRIES) {
        if (entry.method().equals("GET") == reading && !entry.isForwarded()) {
          new TreeSet<>(entry.operation().getResponses().keySet())
              .descendingSet()
              .forEach(status -> add(tests, entry, status));
        }
      }
    }
    assertThat(tests).hasSizeGreaterThan(12);
    return tests.stream();
  }

  private static void add(List<DynamicTest> tests, Contract.Entry entry, String status) {
    if (status.equals("default")) {
      return;
    }
    ApiResponse response = Contract.response(entry, Integer.parseInt(status.replace("XX", "00")));
    if (response.getContent() == null) {
      return;
    }
    response
        .getContent()
        .forEach((type, media) -> {
          if (media.getExamples() != null) {
            media
                .getExamples()
                .forEach((name, example) ->
                    tests.add(
                        DynamicTest.dynamicTest(
                            entry.name() + " " + status + " " + name,
                            () -> execute(entry, status, name, type, media, example))));
          }
        });
  }

  private static void execute(
      Contract.Entry entry,
      String status,
      String name,
      String type,
      MediaType media,
      Example example) {
    if (name.equals("saved")) {
      instance(3, null, "e1.nano", 128, "TERMINATE", "2026-10-01T08:00:00Z");
      cloud.allocate("i-00000000000000003", 3, NODE);
      cloud.vm("i-00000000000000003", 3, "GONE", "REQUESTED", null);
      cloud
          .owner
          .sql("UPDATE scheduling.vm SET console = ? WHERE instance_id = 'i-00000000000000003'")
          .param(example.getValue().toString().getBytes(StandardCharsets.UTF_8))
          .update();
    }
    String body = null;
    if (entry.operation().getRequestBody() != null) {
      MediaType request = entry.operation().getRequestBody().getContent().get("application/json");
      assertThat(request.getExamples()).containsKey(name);
      body = request.getExamples().get(name).getValue().toString();
      if (status.startsWith("2")) {
        Contract.check(request.getSchema(), TestCloud.JSON.readTree(body), "$");
      }
    }
    Answer answer =
        cloud.send(
            entry.method(),
            path(entry, name),
            TestCloud.OWNER,
            body == null ? Map.of() : Map.of("Content-Type", "application/json"),
            body);
    assertThat(answer.status())
        .as(answer.body())
        .isEqualTo(Integer.parseInt(status.replace("XX", "00")));
    if (type.startsWith("text/")) {
      assertThat(answer.body()).isEqualTo(example.getValue().toString());
      return;
    }
    JsonNode shown = TestCloud.JSON.readTree(example.getValue().toString());
    Contract.check(media.getSchema(), shown, "$");
    assertThat(withoutVolatile(answer.json(), answer.status()).toPrettyString())
        .isEqualTo(withoutVolatile(shown, answer.status()).toPrettyString());
  }

  private static String path(Contract.Entry entry, String example) {
    String path = entry.path();
    for (Parameter parameter : entry.parameters("path")) {
      Map<String, Example> examples = parameter.getExamples();
      Example value = examples.getOrDefault(example, examples.get("default"));
      path = path.replace("{" + parameter.getName() + "}", value.getValue().toString());
    }
    for (Parameter parameter : entry.parameters("query")) {
      Map<String, Example> examples = parameter.getExamples();
      if (examples != null && examples.containsKey(example)) {
        path += (path.contains("?") ? "&" : "?") + parameter.getName() + "=";
        path += shown(examples.get(example).getValue());
      }
    }
    return path;
  }

  /// A time is read as one from the contract.
  private static String shown(Object value) {
    return value instanceof OffsetDateTime time ? time.toInstant().toString() : value.toString();
  }

  /// What a POST makes is new each time; what a GET shows is the same but for the request's id.
  private static JsonNode withoutVolatile(JsonNode node, int status) {
    List<String> names = status == 201 ? VOLATILE : List.of("requestId");
    return replaced(node, names);
  }

  private static JsonNode replaced(JsonNode node, List<String> names) {
    if (node.isArray()) {
      var array = TestCloud.JSON.createArrayNode();
      node.forEach(item -> array.add(replaced(item, names)));
      return array;
    }
    if (node.isObject()) {
      var object = TestCloud.JSON.createObjectNode();
      for (String name : new TreeSet<>(node.propertyNames())) {
        if (name.equals("lastUsedAt")) {
          continue; // there as soon as the loop that writes it came round
        }
        boolean any = names.contains(name);
        object.set(name, any ? StringNode.valueOf("…") : replaced(node.get(name), names));
      }
      return object;
    }
    return node;
  }

  @Test
  void theCheckFindsWhatIsWrong() {
    var schema = Contract.response(Contract.named("getInstance"), 200).getContent();
    var instance = schema.get("application/json").getSchema();
    String id = cloud.get("/v1/instances/i-00000000000000001").body();
    Contract.check(instance, TestCloud.JSON.readTree(id), "$");
    for (String[] wrong :
        new String[][] {
          {"\"state\":\"running\"", "\"state\":\"asleep\"", "$.state"},
          {"\"vcpu\":1", "\"vcpu\":\"1\"", "$.vcpu"},
          {"\"vcpu\":1,", "", "$.vcpu"},
          {"\"vcpu\":1", "\"vcpu\":0", "$.vcpu"},
          {"\"vcpu\":1", "\"vcpu\":1,\"more\":1", "$.more"},
          {"08:10:00Z", "08:10:00", "$.createdAt"}
        }) {
      assertThat(id).contains(wrong[0]);
      JsonNode changed = TestCloud.JSON.readTree(id.replace(wrong[0], wrong[1]));
      assertThatThrownBy(() -> Contract.check(instance, changed, "$"))
          .hasMessageContaining(wrong[2]);
    }
  }

  @Test
  void theContractIsServedAsItIs() throws IOException {
    Answer answer = cloud.send("GET", "/openapi.yaml", null, Map.of(), null);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            Files.readString(Path.of(System.getProperty("brume.repository"), "openapi.yaml")));
  }
}
