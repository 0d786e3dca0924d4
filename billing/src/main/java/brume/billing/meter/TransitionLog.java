package brume.billing.meter;

import brume.billing.SqlTime;
import brume.contract.VmState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The scheduler's published log, read in the caller's transaction.
public final class TransitionLog implements TransitionSource {
  private static final String COLUMNS =
      "SELECT seq, instance_id, epoch, account_id, instance_type, state, at"
          + " FROM scheduling.instance_transition";

  private final JdbcClient jdbc;

  public TransitionLog(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public List<Transition> after(long seq, int limit) {
    return jdbc.sql(COLUMNS + " WHERE seq > ? ORDER BY seq LIMIT ?")
        .params(seq, limit)
        .query((row, index) -> transition(row))
        .list();
  }

  /// All that is said of one resource, in order.
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
