package brume.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the transition log takes after an end, written with the scheduler's own rights.
class EndedEpochDbTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final AtomicInteger SEQUENCE = new AtomicInteger();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 STARTING, 1 RUNNING, 1 STOPPING, 1 GONE",
        "1 RUNNING, 1 GONE, 2 STARTING, 2 RUNNING, 2 FAILED, 3 RUNNING",
        "1 RUNNING, 2 RUNNING, 1 FAILED, 2 MIGRATING, 2 RUNNING", // a move: two epochs at once
        "1 STARTING, 1 FAILED, 1 GONE", // declared lost, then heard of
      })
  void takesWhatCanHappen(String story) throws SQLException {
    assertThat(write(story)).isEqualTo(story.split(",").length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 RUNNING, 1 GONE, 1 RUNNING               | RUNNING
          1 RUNNING, 1 FAILED, 1 MIGRATING           | MIGRATING
          1 STARTING, 1 FAILED, 2 STARTING, 1 RUNNING | RUNNING
          1 FAILED, 1 GONE, 1 STARTING               | STARTING
          1 GONE, 1 STOPPING                         | STOPPING
          """)
  void anEndedEpochDoesNotGoOn(String story, String refused) {
    assertThatThrownBy(() -> write(story))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("epoch 1 of")
        .hasMessageContaining("can't be " + refused + " again");
  }

  /// One statement for all of it, as the scheduler writes a report.
  private static int write(String story) throws SQLException {
    String instance = "i-%017x".formatted(SEQUENCE.incrementAndGet());
    try (Connection connection = DATABASE.dataSource(ServiceRole.SCHEDULING).getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                """
                INSERT INTO scheduling.transition (seq, instance_id, epoch, generation, account_id,
                  instance_type, node_id, state, at, recorded_at)
                SELECT coalesce((SELECT max(seq) FROM scheduling.transition), 0) + step.number, ?,
                  split_part(step.text, ' ', 1)::bigint, 1, 'account', 'e1.nano', 'node-1',
                  split_part(step.text, ' ', 2), now(), now()
                FROM unnest(string_to_array(?, ', ')) WITH ORDINALITY AS step(text, number)
                """)) {
      insert.setString(1, instance);
      insert.setString(2, story);
      return insert.executeUpdate();
    }
  }
}
