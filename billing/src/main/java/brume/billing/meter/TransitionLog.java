package brume.billing.meter;

import brume.billing.CopyQuery;
import brume.billing.SqlTime;
import brume.contract.VmState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The scheduler's published log, read in the caller's transaction.
public final class TransitionLog implements TransitionSource {
  private static final String COLUMNS =
      "SELECT seq, instance_id, epoch, account_id, instance_type, state, at"
          + " FROM scheduling.instance_transition";

  private final JdbcTemplate streams;
  private final JdbcClient jdbc;

  public TransitionLog(JdbcTemplate jdbc) {
    this.streams = jdbc;
    this.jdbc = JdbcClient.create(jdbc);
  }

  @Override
  public List<Transition> after(long seq, int limit) {
    return jdbc.sql(COLUMNS + " WHERE seq > ? ORDER BY seq LIMIT ?")
        .params(seq, limit)
        .query((row, index) -> transition(row))
        .list();
  }

  @Override
  public void each(long throughSeq, Consumer<Transition> consumer) {
    streams.execute((Connection connection) -> {
      CopyQuery.each(
          connection,
          COLUMNS + " WHERE seq <= " + throughSeq + " ORDER BY seq",
          row ->
              consumer.accept(
                  new Transition(
                      row.bigint(),
                      row.text(),
                      row.bigint(),
                      row.shared(),
                      row.shared(),
                      VmState.valueOf(row.shared()),
                      row.time())));
      return null;
    });
  }

  @Override
  public List<Transition> of(String resourceId) {
    return jdbc.sql(COLUMNS + " WHERE instance_id = ? ORDER BY seq")
        .param(resourceId)
        .query((row, index) -> transition(row))
        .list();
  }

  private static Transition transition(ResultSet row) throws SQLException {
    return new Transition(
        row.getLong("seq"),
        row.getString("instance_id"),
        row.getLong("epoch"),
        row.getString("account_id"),
        row.getString("instance_type"),
        VmState.valueOf(row.getString("state")),
        SqlTime.out(row, "at"));
  }

  @Override
  public long head() {
    return jdbc.sql("SELECT coalesce(max(seq), 0) FROM scheduling.instance_transition")
        .query(Long.class)
        .single();
  }
}
