package brume.billing.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.billing.BillingFixture;
import brume.billing.Books;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class SecretSealDbTest {
  private static final String SECRET = "whsec_of-a-test-that-is-long-enough";

  static SecretSeal seal(String... keys) {
    List<String> texts = Arrays.stream(keys).map(key -> key.repeat(32)).toList();
    return new SecretSeal(texts, new Random(1));
  }

  @Test
  void onlyTheKeyThatSealedOpensAndOnlyForTheAccount() {
    String kept = seal("a").seal("000000000001", SECRET);
    assertThat(kept).doesNotContain(SECRET).doesNotContain("whsec").hasSizeLessThan(300);
    assertThat(seal("b", "a").open("000000000001", kept)).isEqualTo(SECRET);
    assertThatThrownBy(() -> seal("b").open("000000000001", kept))
        .hasMessageContaining("is not in brume.encryption.keys");
    assertThatThrownBy(() -> seal("a").open("000000000002", kept))
        .hasMessageContaining("does not open");
    assertThat(seal("a").seal("000000000001", SECRET)).as("of the same seed").isEqualTo(kept);
    assertThat(seal("a").open("000000000001", "whsec_plain")).isEqualTo("whsec_plain");
    assertThatThrownBy(() -> new SecretSeal(List.of("short"), new Random(1)))
        .hasMessageContaining("at least 32 characters");
  }

  /// What lies in the database is sealed, also what lay there before.
  @Test
  void theDatabaseKeepsNoSecret() {
    BillingFixture billing = new BillingFixture(Books.plain());
    WebhookStore store =
        new WebhookStore(JdbcClient.create(billing.jdbc), billing.transaction, seal("a"));
    store.put("000000000001", "https://one.example/", SECRET);
    billing.jdbc.update(
        "INSERT INTO billing.spending (account_id, webhook_url, webhook_secret) VALUES (?, ?, ?)",
        "000000000002",
        "https://two.example/",
        SECRET);
    store.sealOld();
    List<String> kept =
        billing.jdbc.queryForList(
            "SELECT webhook_secret FROM billing.spending ORDER BY account_id", String.class);
    assertThat(kept).hasSize(2).allMatch(each -> each.startsWith("sealed:"));
    assertThat(seal("a").open("000000000001", kept.get(0))).isEqualTo(SECRET);
    assertThat(seal("a").open("000000000002", kept.get(1))).isEqualTo(SECRET);
  }
}
