package brume.billing.meter;

import brume.billing.CopyQuery;
import brume.billing.SqlTime;
import brume.contract.VmState;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.springframework.jdbc.core.JdbcTemplate;

/// The scheduler's published log.
public final class TransitionLog extends SqlLog {
  public TransitionLog(JdbcTemplate jdbc) {
    super(
        jdbc,
        INSTANCES,
        "scheduling.instance_transition",
        "instance_id",
        "seq, instance_id, epoch, account_id, instance_type, state, at");
  }

  @Override
  Transition queried(ResultSet row) throws SQLException {
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
  Transition streamed(CopyQuery row) {
    return new Transition(
        row.bigint(),
        row.text(),
        row.bigint(),
        row.shared(),
        row.shared(),
        VmState.valueOf(row.shared()),
        row.time());
  }
}
