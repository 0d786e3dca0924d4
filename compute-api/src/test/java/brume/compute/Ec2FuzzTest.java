package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;

import brume.compute.ec2.Operation;
import brume.compute.ec2.Operations;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/// Requests made from the door's own shapes with values that fit, nearly fit and don't: never a
/// 5xx, never a stack trace, and nothing is changed without a 200.
///
/// `-Dbrume.test.fuzz.ec2.requests=100000` makes more of them, `-Dbrume.test.fuzz.seed=N` the same
/// ones again.
@ExtendWith(SharedCloud.class)
final class Ec2FuzzTest {
  private static final int REQUESTS = Integer.getInteger("brume.test.fuzz.ec2.requests", 300);
  private static final long SEED = Long.getLong("brume.test.fuzz.seed", 20_261_122L);

  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "0",
          "-1",
          "a",
          "*",
          "?",
          "\\",
          "%",
          "'; DROP TABLE compute.vpc; --",
          "\u00e4\u00f6",
          "\ud83d\ude00",
          "../../etc",
          "<a>&amp;",
          "true",
          "all",
          "self",
          "tcp",
          "10.0.0.0/16",
          "0.0.0.0/0",
          "1.2.3.4",
          "us-east-1a",
          "/dev/sdf",
          "e1.nano",
          "vpc-12345678",
          "i-0123456789abcdef0",
          "sg-0123456789abcdef0",
          "ami-00000000000000001",
          "instance",
          "2026-11-22T00:00:00Z",
          "$Latest",
          "stop",
          "tag:a",
          "instance-state-name",
          "x".repeat(300),
          "9".repeat(40),
          "AAAA",
          "QUFB",
          "aws:x",
          "default",
          "gp3",
          "launchPermission");

  /// Of its own, so that nobody else's things are ended by chance.
  private static final String ACCOUNT = "000000000009";

  private static final String TOKEN = "owner-token-of-the-account-of-chance";

  private final Random random = new Random(SEED);

  @Test
  void noRequestBreaksTheDoor() {
    TestCloud cloud = SharedCloud.get();
    cloud.account(ACCOUNT, "chance");
    cloud.token("tok-000000000000000f5", ACCOUNT, TOKEN, "owner", false);
    AwsBasicCredentials key = new Ec2Clients(cloud).credentials(TOKEN, "owner");
    RequestSigner signer = new RequestSigner(cloud, key.accessKeyId(), key.secretAccessKey());
    List<Operation> operations = cloud.context.getBean(Operations.class).all();
    List<String> broken = new ArrayList<>();
    int done = 0;
    for (int i = 0; i < REQUESTS; i++) {
      Operation operation = operations.get(random.nextInt(operations.size()));
      String form = form(operation);
      String before = operation.onlyLooks() ? "" : fingerprint(cloud);
      TestCloud.Answer answer = signer.at(Instant.now()).post(form);
      boolean ok = answer.status() == 200;
      done += ok ? 1 : 0;
      boolean wellFormed =
          answer.body().startsWith("<?xml")
              && (ok || answer.body().contains("<Code>"))
              && !answer.body().contains("Exception:")
              && !answer.body().contains("\tat ");
      boolean changed = !ok && !operation.onlyLooks() && !fingerprint(cloud).equals(before);
      if (answer.status() >= 500 || !wellFormed || changed) {
        broken.add(answer.status() + (changed ? " changed " : " ") + form + " -> " + answer.body());
      }
    }
    assertThat(broken).as("seed " + SEED).isEmpty();
    assertThat(done).as("some requests are good").isPositive();
  }

  /// Counts of what requests could make.
  private static String fingerprint(TestCloud cloud) {
    return cloud
        .owner
        .sql(
            """
            SELECT concat_ws(' ', (SELECT count(*) FROM compute.instance WHERE account_id = :a),
              (SELECT coalesce(sum(version), 0) FROM compute.instance WHERE account_id = :a),
              (SELECT count(*) FROM compute.vpc WHERE account_id = :a),
              (SELECT count(*) FROM compute.subnet WHERE account_id = :a),
              (SELECT count(*) FROM compute.security_group_rule WHERE account_id = :a),
              (SELECT count(*) FROM compute.volume WHERE account_id = :a),
              (SELECT count(*) FROM compute.resource_tag WHERE account_id = :a),
              (SELECT count(*) FROM compute.key_pair WHERE account_id = :a),
              (SELECT count(*) FROM compute.address WHERE account_id = :a))
            """)
        .param("a", ACCOUNT)
        .query(String.class)
        .single();
  }

  private String form(Operation operation) {
    StringBuilder form = new StringBuilder("Action=" + operation.name() + "&Version=2016-11-15");
    for (Map.Entry<String, Class<?>> parameter : operation.parameters().entrySet()) {
      if (random.nextInt(100) < (operation.parameters().size() > 20 ? 12 : 55)) {
        String name = parameter.getKey().replace(".n", "." + (1 + random.nextInt(2)));
        add(form, name, value(parameter.getValue()));
      }
    }
    switch (random.nextInt(40)) {
      case 0 -> add(form, "Unknown" + random.nextInt(9), "x");
      case 1 -> add(form, "Filter.1.Name", TEXTS.get(random.nextInt(TEXTS.size())));
      case 2 -> add(form, "DryRun", "true");
      case 3 -> form.append("&a=%f");
      default -> {}
    }
    return form.toString();
  }

  private String value(Class<?> type) {
    if (random.nextInt(10) == 0) {
      return TEXTS.get(random.nextInt(TEXTS.size()));
    }
    if (type == Integer.class || type == Long.class) {
      return String.valueOf(List.of(0, 1, 2, 5, 22, 1000, -1, 70_000).get(random.nextInt(8)));
    }
    if (type == Boolean.class) {
      return String.valueOf(random.nextBoolean());
    }
    return TEXTS.get(random.nextInt(TEXTS.size()));
  }

  private static void add(StringBuilder form, String name, String value) {
    form.append('&')
        .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
        .append('=')
        .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
  }
}
