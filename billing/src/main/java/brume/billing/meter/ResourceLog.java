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

/// The published log of storage, addresses and traffic, read in the caller's transaction.
public final class ResourceLog implements TransitionSource {
  private static final String COLUMNS =
      "SELECT seq, kind, resource_id, epoch, account_id, sku, present, at, size"
          + " FROM compute.resource_fact";

  private final JdbcTemplate streams;
  private final JdbcClient jdbc;

  public ResourceLog(JdbcTemplate jdbc) {
    this.streams = jdbc;
    this.jdbc = JdbcClient.create(jdbc);
  }

  @Override
  public String name() {
    return RESOURCES;
  }

  @Override
  public List<Transition> after(long seq, int limit) {
    return jdbc.sql(COLUMNS + " WHERE seq > ? ORDER BY seq LIMIT ?")
        .params(seq, limit)
        .query((row, index) -> transition(row))
        .list();
  }

  @Override
  public List<Transition> of(String resourceId) {
    return jdbc.sql(COLUMNS + " WHERE resource_id = ? ORDER BY seq")
        .param(resourceId)
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
                      ResourceKind.named(row.shared()),
                      row.text(),
                      row.bigint(),
                      row.shared(),
                      row.shared(),
                      state(row.bool()),
                      row.time(),
                      row.bigint())));
      return null;
    });
  }

  private static Transition transition(ResultSet row) throws SQLException {
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

  private static VmState state(boolean present) {
    return present ? VmState.RUNNING : VmState.GONE;
  }

  @Override
  public long head() {
    return jdbc.sql("SELECT coalesce(max(seq), 0) FROM compute.resource_fact")
        .query(Long.class)
        .single();
  }
}
