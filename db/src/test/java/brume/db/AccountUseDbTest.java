package brume.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What an account holds is, after whatever happened to its instances, what a count of them finds.
class AccountUseDbTest {
  private static final String COUNTED =
      """
      SELECT account_id, count(*), sum(vcpu), sum(memory_mib) FROM compute.instance
      WHERE intent <> 'TERMINATE' GROUP BY account_id ORDER BY account_id
      """;
  private static final String KEPT =
      "SELECT * FROM compute.account_use WHERE instances > 0 ORDER BY account_id";

  private final TestDatabase database = TestDatabase.fresh();
  private int made;

  @Test
  void theSumsAreTheCountWhateverHappens() throws SQLException {
    long seed = Long.getLong("brume.test.seed", 20261122);
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (Connection service = database.dataSource(ServiceRole.COMPUTE).getConnection();
        Connection owner = database.ownerDataSource().getConnection();
        Statement statement = service.createStatement()) {
      try (Statement accounts = owner.createStatement()) {
        accounts.execute(
            """
            INSERT INTO compute.account (id, name, instances_max, vcpu_max, memory_mib_max, created_at)
            SELECT '00000000000' || n, 'n', 1, 1, 1, now() FROM generate_series(1, 3) n
            """);
      }
      service.setAutoCommit(false);
      for (int step = 0; step < 200; step++) {
        statement.execute(change(random));
        assertThat(rows(statement, KEPT)).as("step " + step).isEqualTo(rows(statement, COUNTED));
        if (random.nextInt(4) == 0) {
          service.rollback();
        } else {
          service.commit();
        }
        assertThat(rows(statement, KEPT)).as("step " + step).isEqualTo(rows(statement, COUNTED));
      }
      assertThat(rows(statement, KEPT)).isNotEmpty();
    }
  }

  private String change(Random random) {
    String some = " WHERE right(id, 1) = '" + Integer.toHexString(random.nextInt(16)) + "'";
    return switch (random.nextInt(6)) {
      case 0 ->
          "UPDATE compute.instance SET intent = 'TERMINATE', generation = generation + 1"
              + some
              + " AND intent <> 'TERMINATE'";
      case 1 ->
          "UPDATE compute.instance SET intent = 'STOP', generation = generation + 1"
              + some
              + " AND intent = 'RUN'";
      case 2 -> "UPDATE compute.instance SET vcpu = vcpu + 1, memory_mib = memory_mib + 64" + some;
      default -> {
        int first = made;
        made += 1 + random.nextInt(20);
        yield """
        INSERT INTO compute.instance (id, account_id, reservation_id, launch_index, image_id,
          instance_type, vcpu, memory_mib, baseline_percent, intent, created_at, intent_at)
        SELECT 'i-' || lpad(to_hex(n), 17, '0'), '00000000000' || 1 + n %% 3,
          'r-' || lpad(to_hex(n), 17, '0'), 0, 'ami-00000000000000001', 'e1.nano', 1, 128, 5, 'RUN',
          now(), now()
        FROM generate_series(%d, %d) n
        """
            .formatted(first, made - 1);
      }
    };
  }

  private static List<String> rows(Statement statement, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet found = statement.executeQuery(sql)) {
      while (found.next()) {
        rows.add(
            found.getString(1)
                + " "
                + found.getLong(2)
                + " "
                + found.getLong(3)
                + " "
                + found.getLong(4));
      }
    }
    return rows;
  }
}
