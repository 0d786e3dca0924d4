package brume.billing.meter;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// Hints from PostgreSQL's `NOTIFY`, on a connection of its own that is opened again when it
/// breaks.
public final class NotifiedHint implements Hint {
  /// Where the scheduler says that it wrote facts.
  public static final String FACTS = "brume_facts";

  private final DataSource dataSource;
  private final String channel;
  private @Nullable Connection connection;

  public NotifiedHint(DataSource dataSource, String channel) {
    this.dataSource = dataSource;
    this.channel = channel;
  }

  @Override
  public void await(Duration most) throws InterruptedException {
    try {
      listening().unwrap(PGConnection.class).getNotifications(Math.toIntExact(most.toMillis()));
    } catch (SQLException e) {
      close();
      Thread.sleep(most);
    }
  }

  private Connection listening() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = dataSource.getConnection();
      connection = open;
      try (Statement statement = open.createStatement()) {
        statement.execute("LISTEN " + channel);
      }
    }
    return open;
  }

  @Override
  public void close() {
    Connection open = connection;
    connection = null;
    if (open == null) {
      return;
    }
    // Back into a pool it must not go on collecting notifications.
    try (open;
        Statement statement = open.createStatement()) {
      statement.execute("UNLISTEN *");
    } catch (SQLException e) {
      // It is broken, which is why it is closed.
      return;
    }
  }
}
