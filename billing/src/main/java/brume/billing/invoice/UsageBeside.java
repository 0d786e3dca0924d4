package brume.billing.invoice;

import brume.billing.rating.Period;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// Usage that is added up on a connection of its own, in the very state of the database that the
/// caller's transaction sees, while the caller reads the log: the database takes as long for it.
/// What comes waits until the log is read.
final class UsageBeside implements AutoCloseable {
  private final JdbcClient jdbc;
  private final TransactionOperations snapshot;
  private final UsageSums usage;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final CompletableFuture<Boolean> logRead = new CompletableFuture<>();
  private @Nullable Future<?> reading;

  UsageBeside(JdbcClient jdbc, TransactionOperations snapshot, UsageSums usage) {
    this.jdbc = jdbc;
    this.snapshot = snapshot;
    this.usage = usage;
  }

  /// Begins, in the caller's transaction, which must go on until [#finish].
  void start(Period period, Instant asOf, UsageSums.Each each) {
    String seen = jdbc.sql("SELECT pg_export_snapshot()").query(String.class).single();
    reading =
        thread.submit(
            () -> snapshot.executeWithoutResult(status -> read(seen, period, asOf, each)));
  }

  private void read(String seen, Period period, Instant asOf, UsageSums.Each each) {
    jdbc.sql("SET TRANSACTION SNAPSHOT '" + seen + "'").update();
    usage.each(
        period,
        asOf,
        UsageSums.Accounts.ALL,
        (account, sums) -> {
          if (!logRead.join()) {
            throw new IllegalStateException("the log could not be read");
          }
          each.account(account, sums);
        });
  }

  /// The log is read: gives all usage, and returns when it is given.
  void finish() {
    logRead.complete(true);
    try {
      if (reading != null) {
        reading.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while usage was read", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("usage could not be read", e.getCause());
    }
  }

  /// Ends it also where reading the log failed.
  @Override
  public void close() {
    logRead.complete(false);
    thread.close();
  }
}
