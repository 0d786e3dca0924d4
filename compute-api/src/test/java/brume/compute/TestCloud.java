package brume.compute;

import brume.compute.access.TokenDigest;
import brume.db.ServiceRole;
import brume.db.TestDatabase;
import io.swagger.v3.oas.models.PathItem;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Types;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// compute-api as it is started in earnest, on a fresh database with its real role, and the means
/// to write what the scheduler would have written.
final class TestCloud implements AutoCloseable {
  static final String ACCOUNT = "000000000001";
  static final String OTHER_ACCOUNT = "000000000002";
  static final String OWNER = "owner-token-of-the-first-account";
  static final String OPERATOR = "operator-token-of-the-first-account";
  static final String READER = "reader-token-of-the-first-account";
  static final String STRANGER = "owner-token-of-another-account";
  static final String ACCESS_KEY = "AKIABRUMEEXAMPLE2345";
  static final String ACCESS_KEY_SECRET = "0123456789abcdefghijABCDEFGHIJ0123456789";
  static final String ENCRYPTION_KEY = "a-key-for-tests-of-32-characters-or-more";
  static final JsonMapper JSON = JsonMapper.builder().build();

  final TestDatabase database;
  final JdbcClient owner;
  final ConfigurableApplicationContext context;
  final String url;
  private final HttpClient http = HttpClient.newHttpClient();

  /// An answer with its body as text.
  record Answer(int status, String body, HttpResponse<String> response) {
    JsonNode json() {
      return JSON.readTree(body);
    }

    String code() {
      return json().path("code").asString("");
    }

    String field() {
      return json().path("field").asString("");
    }

    String detail() {
      return json().path("detail").asString("");
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  private TestCloud(TestDatabase database, List<String> settings) {
    this.database = database;
    this.owner = JdbcClient.create(database.ownerDataSource());
    List<String> all = new ArrayList<>();
    all.add("--server.port=0");
    all.add("--spring.datasource.url=" + database.url());
    all.add("--spring.datasource.username=" + ServiceRole.COMPUTE.roleName());
    all.add("--spring.datasource.password=" + TestDatabase.PASSWORD);
    all.add("--brume.bootstrap.token=" + OWNER);
    all.add("--brume.bootstrap.access-key-id=" + ACCESS_KEY);
    all.add("--brume.bootstrap.secret-access-key=" + ACCESS_KEY_SECRET);
    if (settings.stream().noneMatch(setting -> setting.startsWith("--brume.encryption"))) {
      all.add("--brume.encryption.keys=" + ENCRYPTION_KEY);
    }
    all.addAll(settings);
    this.context = ComputeApiApplication.builder().run(all.toArray(String[]::new));
    this.url = "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
  }

  static TestCloud start(String... settings) {
    TestCloud cloud = new TestCloud(TestDatabase.fresh(), List.of(settings));
    cloud.token("tok-000000000000000a1", ACCOUNT, OPERATOR, "operator", false);
    cloud.token("tok-000000000000000a2", ACCOUNT, READER, "reader", false);
    cloud.account(OTHER_ACCOUNT, "other");
    cloud.token("tok-000000000000000b1", OTHER_ACCOUNT, STRANGER, "owner", false);
    return cloud;
  }

  /// A second compute-api on the same database.
  TestCloud another(String... settings) {
    return new TestCloud(database, List.of(settings));
  }

  void account(String id, String name) {
    owner
        .sql(
            "INSERT INTO compute.account VALUES (?, ?, 1000, 4000, 4194304,"
                + " '2026-10-01T08:00:00Z')")
        .params(id, name)
        .update();
  }

  void token(String id, String account, String secret, String role, boolean cloudOperator) {
    owner
        .sql(
            "INSERT INTO compute.api_token (id, account_id, label, digest, role, cloud_operator,"
                + " created_at) VALUES (?, ?, 'test', ?, ?, ?, '2026-10-01T08:00:00Z')")
        .params(id, account, TokenDigest.of(secret), role, cloudOperator)
        .update();
  }

  // ---- what the scheduler would have written

  void node(String id, String name, String address) {
    owner
        .sql(
            "INSERT INTO scheduling.node (id, name, zone, address, secret_digest, access_token,"
                + " vcpu, memory_mib, ready, registered_at) VALUES (?, ?, 'a', ?, sha256(?::bytea),"
                + " 'access', 8, 8192, true, '2026-10-01T08:00:00Z')")
        .params(id, name, address, id)
        .update();
  }

  void allocate(String instance, long epoch, String node) {
    owner
        .sql(
            "INSERT INTO scheduling.allocation (instance_id, epoch, node_id, account_id,"
                + " instance_type, generation, vcpu, memory_mib, allocated_at)"
                + " SELECT i.id, ?, ?, i.account_id, i.instance_type, i.generation, i.vcpu,"
                + " i.memory_mib, '2026-10-01T08:10:01Z' FROM compute.instance i WHERE i.id = ?")
        .params(epoch, node, instance)
        .update();
  }

  /// Writes the VM of an allocation, or its newer state.
  void vm(String instance, long epoch, String state, String cause, String reason) {
    owner
        .sql(
            """
            INSERT INTO scheduling.vm (instance_id, epoch, node_id, state, generation, cause,
              reason, running_since, ended_at, state_at, observed_at, instructions, cpu_nanos,
              memory_touched, disk_read, disk_written)
            SELECT a.instance_id, a.epoch, a.node_id, :state, i.generation, :cause, :reason,
              '2026-10-01T08:10:04Z', CASE WHEN :state IN ('GONE', 'FAILED') THEN now() END, now(),
              '2026-10-01T08:59:58Z', 560000000, 2750000000, 41943040, 1048576, 4096
            FROM scheduling.allocation a JOIN compute.instance i ON i.id = a.instance_id
            WHERE a.instance_id = :instance AND a.epoch = :epoch
            ON CONFLICT (instance_id, epoch) DO UPDATE SET state = excluded.state,
              generation = excluded.generation, cause = excluded.cause, reason = excluded.reason,
              ended_at = excluded.ended_at
            """)
        .param("state", state)
        .param("cause", cause, Types.VARCHAR)
        .param("reason", reason, Types.VARCHAR)
        .param("instance", instance)
        .param("epoch", epoch)
        .update();
    if (state.equals("GONE") || state.equals("FAILED")) {
      release(instance, epoch);
    }
    facts();
  }

  /// What a VM had used at a time, as the scheduler keeps it.
  void sample(String instance, long epoch, String at, long instructions, long cpu, long written) {
    owner
        .sql(
            "INSERT INTO scheduling.vm_sample VALUES"
                + " (?, ?, ?::timestamptz, 'infinity', ?, ?, 41943040, 1048576, ?, 0, 0, 0)")
        .params(instance, epoch, at, instructions, cpu, written)
        .update();
  }

  void release(String instance, long epoch) {
    owner
        .sql(
            "UPDATE scheduling.allocation SET released_at = now()"
                + " WHERE instance_id = ? AND epoch = ?")
        .params(instance, epoch)
        .update();
  }

  void refuse(String instance, long generation, String reason) {
    owner
        .sql("INSERT INTO scheduling.refusal VALUES (?, ?, ?, now(), NULL)")
        .params(instance, generation, reason)
        .update();
  }

  void transition(long seq, String instance, String state, String at) {
    owner
        .sql(
            "INSERT INTO scheduling.transition (seq, instance_id, epoch, generation, account_id,"
                + " instance_type, node_id, state, at, recorded_at) VALUES (?, ?, 1, 1, ?,"
                + " 'e1.nano', 'node-00000000000000001', ?, ?, ?)")
        .params(seq, instance, ACCOUNT, state, OffsetDateTime.parse(at), OffsetDateTime.parse(at))
        .update();
  }

  /// A price book that is in force, as billing would have published it.
  void prices(String currency, String book, Map<String, Long> microsPerHour) {
    owner
        .sql(
            "INSERT INTO billing.price_book (id, currency, valid, created_at)"
                + " VALUES (?, ?, '[2026-01-01Z,)', '2026-01-01T00:00:00Z')")
        .params(book, currency)
        .update();
    microsPerHour.forEach((type, micros) ->
        owner
            .sql(
                "INSERT INTO billing.price (price_book_id, meter, sku, micros, minimum_seconds,"
                    + " tier_from, tier_micros)"
                    + " VALUES (?, 'instance-seconds', ?, ?, 60, '{0}', ARRAY[?::bigint])")
            .params(book, type, micros, micros)
            .update());
    owner.sql("UPDATE billing.price_book SET sealed_at = now() WHERE id = ?").param(book).update();
  }

  void facts() {
    owner.sql("SELECT pg_notify('brume_facts', '')").query(row -> {});
  }

  // ---- requests

  Answer get(String path) {
    return send("GET", path, OWNER, Map.of(), null);
  }

  Answer get(String token, String path) {
    return send("GET", path, token, Map.of(), null);
  }

  Answer post(String path, String body) {
    return send("POST", path, OWNER, Map.of("Content-Type", "application/json"), body);
  }

  Answer postWithKey(String path, String key, String body) {
    return postWithKey(OWNER, path, key, body);
  }

  Answer postWithKey(String token, String path, String key, String body) {
    return send(
        "POST",
        path,
        token,
        Map.of("Content-Type", "application/json", "Idempotency-Key", key),
        body);
  }

  /// Launches one and gives its id.
  String launch() {
    return launch("{\"image\":\"debian-micro\",\"type\":\"e1.nano\"}");
  }

  String launch(String body) {
    Answer answer = post("/v1/instances", body);
    if (answer.status() != 201) {
      throw new AssertionError(answer.body());
    }
    return answer.json().path("instances").path(0).path("id").asString();
  }

  String state(String id) {
    return get("/v1/instances/" + id).json().path("state").asString();
  }

  Answer send(String method, String path, String token, Map<String, String> headers, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(90))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    headers.forEach(request::header);
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      check(method, path, response);
      return new Answer(response.statusCode(), response.body(), response);
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void check(String method, String path, HttpResponse<String> response) {
    if (path.startsWith("/v1") || response.statusCode() >= 400) {
      Contract.check(
          PathItem.HttpMethod.valueOf(method),
          path.replaceAll("[?].*", ""),
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse(""),
          response.body());
    }
  }

  @Override
  public void close() {
    http.close();
    context.close();
  }
}
