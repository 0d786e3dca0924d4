package brume.billing.web;

import brume.billing.BillingApplication;
import brume.billing.BillingFixture;
import brume.db.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/// The whole service over a fixture's database, with a clock that stands, and people who may ask
/// it.
record BillingService(
    BillingFixture fixture, ConfigurableApplicationContext context, HttpClient http) {
  static final String ACCOUNT = "000000000001";
  static final String OTHER = "000000000002";

  static BillingService start(BillingFixture fixture) {
    accounts(fixture);
    ConfigurableApplicationContext context =
        BillingApplication.builder()
            .initializers(BillingService::standingClock)
            .run(
                "--server.port=0",
                "--spring.datasource.url=" + fixture.database.url(),
                "--spring.datasource.username=brume_billing",
                "--brume.encryption.keys=a-key-of-a-test-that-is-long-enough-",
                "--spring.datasource.password=" + TestDatabase.PASSWORD);
    return new BillingService(fixture, context, HttpClient.newHttpClient());
  }

  void close() {
    http.close();
    context.close();
  }

  HttpRequest.Builder request(String path, @Nullable String token, @Nullable String accept) {
    int port = ((ServletWebServerApplicationContext) context).getWebServer().getPort();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    if (accept != null) {
      request.header("Accept", accept);
    }
    return request;
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void standingClock(ConfigurableApplicationContext context) {
    ((GenericApplicationContext) context)
        .registerBean(
            "standingClock",
            Clock.class,
            () -> Clock.fixed(BillingFixture.NOW, ZoneOffset.UTC),
            definition -> definition.setPrimary(true));
  }

  private static void accounts(BillingFixture fixture) {
    for (String account : List.of(ACCOUNT, OTHER)) {
      fixture.owner.update(
          "INSERT INTO compute.account VALUES (?, ?, 10, 10, 10000, now())",
          account,
          account.equals(ACCOUNT) ? "first" : "second");
    }
    token(fixture, 1, ACCOUNT, "owner", "owner-token", null, false);
    token(fixture, 2, ACCOUNT, "reader", "reader-token", null, false);
    token(fixture, 3, OTHER, "owner", "other-token", null, false);
    token(fixture, 4, ACCOUNT, "owner", "expired-token", "2026-11-01T00:00:00Z", false);
    token(fixture, 5, ACCOUNT, "owner", "revoked-token", null, true);
    token(fixture, 6, OTHER, "reader", "cloud-token", null, false);
    fixture.owner.update(
        "UPDATE compute.api_token SET cloud_operator = true WHERE id = 'tok-00000000000000006'");
    fixture.owner.update(
        """
        INSERT INTO compute.instance (id, account_id, reservation_id, launch_index, name, image_id,
          instance_type, vcpu, memory_mib, baseline_percent, intent, created_at, intent_at)
        VALUES ('i-00000000000000001', ?, 'r-00000000000000001', 0, 'web', 'ami-00000000000000001',
          'e1.nano', 1, 128, 5, 'RUN', now(), now())
        """,
        ACCOUNT);
  }

  private static void token(
      BillingFixture fixture,
      int number,
      String account,
      String role,
      String secret,
      @Nullable String expires,
      boolean revoked) {
    fixture.owner.update(
        """
        INSERT INTO compute.api_token (id, account_id, label, digest, role, created_at, expires_at,
          revoked_at)
        VALUES (?, ?, 'test', ?, ?, now(), ?::timestamptz, CASE WHEN ? THEN now() END)
        """,
        "tok-%017x".formatted(number),
        account,
        digest(secret),
        role,
        expires,
        revoked);
  }

  private static byte[] digest(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
