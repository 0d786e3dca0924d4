package brume.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.db.ServiceRole;
import brume.db.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CopyQueryDbTest {
  @Test
  void fieldsComeAsTheyAre() throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection =
        TestDatabase.fresh().dataSource(ServiceRole.BILLING).getConnection()) {
      CopyQuery.each(
          connection,
          """
          SELECT n, 'é' || n % 2, CASE WHEN n > 1 THEN 'a' END, n = 2,
                 timestamptz '1969-12-31T23:59:59.999999Z' + n * interval '1 microsecond'
          FROM generate_series(1::bigint, 3) n ORDER BY n
          """,
          row ->
              rows.add(
                  row.bigint()
                      + " "
                      + row.shared()
                      + " "
                      + row.textOrNull()
                      + " "
                      + row.bool()
                      + " "
                      + row.time()));
      assertThat(rows)
          .containsExactly(
              "1 é1 null false 1970-01-01T00:00:00Z",
              "2 é0 a true 1970-01-01T00:00:00.000001Z",
              "3 é1 a false 1970-01-01T00:00:00.000002Z");
      rows.clear();
      CopyQuery.each(connection, "SELECT 1 WHERE false", row -> rows.add("one"));
      assertThat(rows).isEmpty();
    }
  }

  @Test
  void whoStopsInTheMiddleLeavesTheConnectionAsItWas() throws SQLException {
    try (Connection connection =
        TestDatabase.fresh().dataSource(ServiceRole.BILLING).getConnection()) {
      assertThatThrownBy(() ->
              CopyQuery.each(
                  connection,
                  "SELECT n FROM generate_series(1::bigint, 100000) n",
                  row -> {
                    throw new IllegalStateException("enough");
                  }))
          .hasMessage("enough");
      List<Long> rows = new ArrayList<>();
      CopyQuery.each(connection, "SELECT 7::bigint", row -> rows.add(row.bigint()));
      assertThat(rows).containsExactly(7L);
    }
  }
}
