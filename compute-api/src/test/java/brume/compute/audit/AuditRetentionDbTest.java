package brume.compute.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.db.ServiceRole;
import brume.db.TestDatabase;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The trail is kept for ninety days and no longer, with the service's own role.
final class AuditRetentionDbTest {
  private final TestDatabase database = TestDatabase.fresh();

  @Test
  void whatIsOlderGoesAndWhatIsYoungerCanNot() {
    JdbcClient owner = JdbcClient.create(database.ownerDataSource());
    for (int days : new int[] {0, 89, 91, 4_000}) {
      owner
          .sql(
              "INSERT INTO compute.audit_entry (id, account_id, at, action, outcome, principal,"
                  + " from_address, request_id) VALUES (?, '000000000001',"
                  + " now() - make_interval(days => ?), 'Old', 'done', 'tok', '127.0.0.1', 'req')")
          .params("aud-%017x".formatted(days), days)
          .update();
    }
    JdbcClient service = JdbcClient.create(database.dataSource(ServiceRole.COMPUTE));
    assertThat(AuditRetention.shorten(service)).isEqualTo(2);
    assertThat(AuditRetention.shorten(service)).isZero();
    assertThat(
            owner.sql("SELECT id FROM compute.audit_entry ORDER BY id").query(String.class).list())
        .containsExactly("aud-%017x".formatted(0), "aud-%017x".formatted(89));
    assertThatThrownBy(() -> service.sql("DELETE FROM compute.audit_entry").update())
        .hasMessageContaining("younger than 90 days");
  }
}
