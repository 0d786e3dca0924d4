package brume.billing.meter;

import brume.billing.SqlTime;
import brume.contract.VmState;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The scheduler's published log, read in the caller's transaction.
public final class TransitionLog implements TransitionSource {
  private final JdbcClient jdbc;

  public TransitionLog(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public List<Transition> after(long seq, int limit) {
    return jdbc.sql(
            """
            SELECT seq, instance_id, epoch, account_id, instance_type, state, at
            FROM scheduling.instance_transition WHERE seq > ? ORDER BY seq LIMIT ?
            """)
        .params(seq, limit)
        .query((row, index) ->
            new Transition(
                row.getLong("seq"),
                row.getString("instance_id"),
                row.getLong("epoch"),
                row.getString("account_id"),
                row.getString("instance_type"),
                VmState.valueOf(row.getString("state")),
                SqlTime.out(row, "at")))
        .list();
  }

  @Override
  public long head() {
    return jdbc.sql("SELECT coalesce(max(seq), 0) FROM scheduling.instance_transition")
        .query(Long.class)
        .single();
  }
}
