package brume.billing.meter;

import brume.billing.CopyQuery;
import brume.billing.SqlTime;
import brume.contract.VmState;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.springframework.jdbc.core.JdbcTemplate;

/// The published log of storage, addresses and traffic.
public final class ResourceLog extends SqlLog {
  public ResourceLog(JdbcTemplate jdbc) {
    super(
        jdbc,
        RESOURCES,
        "compute.resource_fact",
        "resource_id",
        "seq, kind, resource_id, epoch, account_id, sku, present, at, size");
  }

  @Override
  Transition queried(ResultSet row) throws SQLException {
    return new Transition(
        row.getLong("seq"),
        ResourceKind.named(row.getString("kind")),
        row.getString("resource_id"),
        row.getLong("epoch"),
        row.getString("account_id"),
        row.getString("sku"),
        state(row.getBoolean("present")),
        SqlTime.out(row, "at"),
        row.getLong("size"));
  }

  @Override
  Transition streamed(CopyQuery row) {
    return new Transition(
        row.bigint(),
        ResourceKind.named(row.shared()),
        row.text(),
        row.bigint(),
        row.shared(),
        row.shared(),
        state(row.bool()),
        row.time(),
        row.bigint());
  }

  private static VmState state(boolean present) {
    return present ? VmState.RUNNING : VmState.GONE;
  }
}
