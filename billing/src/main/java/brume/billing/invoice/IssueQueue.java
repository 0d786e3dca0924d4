package brume.billing.invoice;

import brume.billing.pricing.PriceIndex;
import brume.billing.rating.Period;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;

/// Accounts on their way to their invoices: gathered into batches, each issued in a transaction of
/// its own by one of a few threads. Who adds waits while all are busy, so that no more than a few
/// batches are in memory.
final class IssueQueue implements AutoCloseable {
  private static final int WRITERS = 2;

  /// As many lines as a transaction writes, or one account's.
  static final int LINES_AT_ONCE = 5_000;

  private static final int TRIES = 3;

  private final InvoiceStore invoices;
  private final PriceIndex prices;
  private final Period period;
  private final LogHead log;
  private final int linesAtOnce;
  private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
  private final Semaphore room = new Semaphore(WRITERS + 1);
  private final AtomicInteger issued = new AtomicInteger();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
  private Map<String, List<UsageSum>> batch = new HashMap<>();
  private int lines;

  IssueQueue(
      InvoiceStore invoices, PriceIndex prices, Period period, LogHead log, int linesAtOnce) {
    this.linesAtOnce = linesAtOnce;
    this.invoices = invoices;
    this.prices = prices;
    this.period = period;
    this.log = log;
  }

  void add(String accountId, List<UsageSum> sums) {
    batch.put(accountId, sums);
    lines += sums.size();
    if (lines >= linesAtOnce) {
      send();
    }
  }

  /// How many were issued, when all are.
  ///
  /// @throws RuntimeException the first that a batch ended with; the others stay issued
  int finish() {
    if (!batch.isEmpty()) {
      send();
    }
    threads.close();
    throwFailure();
    return issued.get();
  }

  private void send() {
    throwFailure();
    Map<String, List<UsageSum>> full = batch;
    batch = new HashMap<>();
    lines = 0;
    room.acquireUninterruptibly();
    threads.execute(() -> {
      try {
        if (failure.get() == null) {
          issued.addAndGet(issue(full));
        }
      } catch (RuntimeException e) {
        failure.compareAndSet(null, e);
      } finally {
        room.release();
      }
    });
  }

  /// Another service may issue the same at the same time: one of the two then looks again.
  private int issue(Map<String, List<UsageSum>> sums) {
    for (int tries = 1; ; tries++) {
      try {
        return invoices.issue(sums, prices, period, log);
      } catch (ConcurrencyFailureException | DuplicateKeyException e) {
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private void throwFailure() {
    RuntimeException failed = failure.get();
    if (failed != null) {
      throw failed;
    }
  }

  /// Waits for what is being written; what waits for its turn is left where something failed.
  @Override
  public void close() {
    threads.close();
  }
}
