package brume.billing.meter;

import brume.billing.CopyQuery;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A log that another service publishes as a view, read in the caller's transaction.
abstract class SqlLog implements TransitionSource {
  private final JdbcTemplate streams;
  private final JdbcClient jdbc;
  private final String name;
  private final String select;
  private final String resourceColumn;
  private final String view;

  /// @param columns in the order in which [#streamed] takes them
  SqlLog(JdbcTemplate jdbc, String name, String view, String resourceColumn, String columns) {
    this.streams = jdbc;
    this.jdbc = JdbcClient.create(jdbc);
    this.name = name;
    this.view = view;
    this.select = "SELECT " + columns + " FROM " + view;
    this.resourceColumn = resourceColumn;
  }

  /// One row of a query.
  abstract Transition queried(ResultSet row) throws SQLException;

  /// The same of a stream.
  abstract Transition streamed(CopyQuery row);

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final List<Transition> after(long seq, int limit) {
    return jdbc.sql(select + " WHERE seq > ? ORDER BY seq LIMIT ?")
        .params(seq, limit)
        .query((row, index) -> queried(row))
        .list();
  }

  @Override
  public final List<Transition> of(String resourceId) {
    return jdbc.sql(select + " WHERE " + resourceColumn + " = ? ORDER BY seq")
        .param(resourceId)
        .query((row, index) -> queried(row))
        .list();
  }

  @Override
  public final void each(long throughSeq, Consumer<Transition> consumer) {
    streams.execute((Connection connection) -> {
      CopyQuery.each(
          connection,
          select + " WHERE seq <= " + throughSeq + " ORDER BY seq",
          row -> consumer.accept(streamed(row)));
      return null;
    });
  }

  @Override
  public final long head() {
    return jdbc.sql("SELECT coalesce(max(seq), 0) FROM " + view).query(Long.class).single();
  }
}
