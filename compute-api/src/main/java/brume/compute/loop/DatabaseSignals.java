package brume.compute.loop;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Hears from the database that facts may have changed (`LISTEN brume_facts`), on a connection of
/// its own. It is only a hint: while the connection is away, nobody is told, and whoever waits
/// looks on a period anyway.
@Component
public class DatabaseSignals implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseSignals.class);
  private static final int POLL_MILLIS = 10_000;
  private static final long RECONNECT_MILLIS = 1_000;

  private final JdbcConnectionDetails details;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long count;
  private boolean running;
  private boolean stopped;
  private @Nullable Connection connection;
  private @Nullable Thread listener;

  DatabaseSignals(JdbcConnectionDetails details) {
    this.details = details;
  }

  /// How many signals there have been: to be read before one looks, and given to [#await] after.
  public long count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  public boolean isStopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there has been a signal after `seen`, at least `least` and at most `most`, or
  /// until the service stops.
  public void await(long seen, Duration least, Duration most) throws InterruptedException {
    long start = System.nanoTime();
    lock.lockInterruptibly();
    try {
      while (!stopped) {
        long waited = System.nanoTime() - start;
        long wanted = (count > seen ? least : most).toNanos();
        if (waited >= wanted) {
          return;
        }
        long left = changed.awaitNanos(wanted - waited);
        if (left <= 0 && count <= seen) {
          return;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void start() {
    lock.lock();
    try {
      running = true;
      stopped = false;
      listener = Thread.ofVirtual().name("database-signals").start(this::listen);
    } finally {
      lock.unlock();
    }
  }

  private void listen() {
    boolean wasAway = false;
    while (!isStopped()) {
      try (Connection opened =
          DriverManager.getConnection(
              details.getJdbcUrl(), details.getUsername(), details.getPassword())) {
        if (!keep(opened)) {
          return;
        }
        try (Statement statement = opened.createStatement()) {
          statement.execute("LISTEN brume_facts");
        }
        wasAway = false;
        signal(); // whatever happened while nobody listened
        PGConnection notifications = opened.unwrap(PGConnection.class);
        while (!isStopped()) {
          var received = notifications.getNotifications(POLL_MILLIS);
          if (received != null && received.length > 0) {
            signal();
          }
        }
      } catch (SQLException e) {
        if (isStopped()) {
          return;
        }
        if (!wasAway) {
          LOG.warn("no signals from the database for now: {}", e.getMessage());
          wasAway = true;
        }
        pause();
      }
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(RECONNECT_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean keep(Connection opened) {
    lock.lock();
    try {
      connection = opened;
      return !stopped;
    } finally {
      lock.unlock();
    }
  }

  private void signal() {
    lock.lock();
    try {
      count++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void stop() {
    @Nullable Connection open;
    @Nullable Thread thread;
    lock.lock();
    try {
      running = false;
      stopped = true;
      changed.signalAll();
      open = connection;
      thread = listener;
    } finally {
      lock.unlock();
    }
    try {
      if (open != null) {
        open.abort(Runnable::run); // close() would wait for the listener to come out of its wait
      }
    } catch (SQLException e) {
      LOG.debug("closing the listener's connection: {}", e.getMessage());
    }
    if (thread != null) {
      thread.interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    lock.lock();
    try {
      return running;
    } finally {
      lock.unlock();
    }
  }
}
