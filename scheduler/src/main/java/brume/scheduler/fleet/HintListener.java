package brume.scheduler.fleet;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Turns PostgreSQL's notifications into hints. It keeps one connection; while it has none there
/// are no hints, and the loops look on their periods.
public final class HintListener implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(HintListener.class);
  private static final int WAIT_MILLIS = 300;
  private static final Duration RECONNECT = Duration.ofSeconds(1);

  private final DataSource dataSource;
  private final List<Hints> hints;
  private volatile @Nullable Thread thread;
  private volatile boolean running;

  public HintListener(DataSource dataSource, List<Hints> hints) {
    this.dataSource = dataSource;
    this.hints = List.copyOf(hints);
  }

  @Override
  public void start() {
    running = true;
    thread = Thread.ofVirtual().name("hint-listener").start(this::loop);
  }

  private void loop() {
    while (running) {
      try (Connection connection = dataSource.getConnection()) {
        listen(connection);
      } catch (SQLException e) {
        if (running) {
          LOG.debug("no hints for now: {}", e.toString());
        }
      }
      try {
        if (running) {
          Thread.sleep(RECONNECT);
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void listen(Connection connection) throws SQLException {
    connection.setAutoCommit(true);
    try (Statement statement = connection.createStatement()) {
      statement.execute("LISTEN brume_intent");
      statement.execute("LISTEN brume_facts");
    }
    PGConnection postgres = connection.unwrap(PGConnection.class);
    try {
      hints.forEach(Hints::give); // what came while nobody listened
      while (running) {
        PGNotification[] notifications = postgres.getNotifications(WAIT_MILLIS);
        if (notifications != null && notifications.length > 0) {
          hints.forEach(Hints::give);
        }
      }
    } finally {
      unlisten(connection);
    }
  }

  /// The connection goes back to a pool whose other users want no notifications.
  private static void unlisten(Connection connection) throws SQLException {
    if (!connection.isClosed()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("UNLISTEN *");
      }
    }
  }

  @Override
  public void stop() {
    running = false;
    Thread current = thread;
    if (current != null) {
      try {
        current.join(Duration.ofMillis(5 * WAIT_MILLIS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
