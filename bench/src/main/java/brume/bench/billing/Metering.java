package brume.bench.billing;

import brume.bench.Report;
import brume.bench.Report.Better;
import brume.billing.meter.MeterLoop;
import brume.billing.meter.NotifiedHint;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/// The meter under a steady stream: each tenth of a second a transaction appends its share of 5,000
/// transitions a second to the log and says so; the lag is how old the oldest one is that is not
/// metered yet.
final class Metering {
  private static final int PER_SECOND = 5_000;
  private static final int TICKS_PER_SECOND = 10;
  private static final int SECONDS = 60;
  private static final double LAG_AIM_SECONDS = 2;
  private static final int RESOURCES = 50_000;
  private static final Clock CLOCK = Clock.systemUTC();

  private Metering() {}

  private record Sent(long seq, long nanos) {}

  static void measure(BillingParts parts, DataSource owner, int accounts)
      throws SQLException, IOException {
    MeterLoop loop =
        new MeterLoop(
            List.of(parts.meter),
            new NotifiedHint(parts.pool, NotifiedHint.FACTS),
            Duration.ofMillis(500),
            1000,
            new SimpleMeterRegistry());
    long worst;
    loop.start();
    try (Connection connection = owner.getConnection()) {
      connection.setAutoCommit(false);
      worst = stream(parts, connection, accounts);
    } finally {
      loop.stop();
    }
    Report.print(
        "lag of the meter at " + PER_SECOND + " transitions/s, " + SECONDS + " s, at most",
        List.of(worst / 1e9),
        "s",
        LAG_AIM_SECONDS,
        Better.LESS);
  }

  private static long stream(BillingParts parts, Connection connection, int accounts)
      throws SQLException, IOException {
    int share = PER_SECOND / TICKS_PER_SECOND;
    long seq = parts.meter.cursor();
    ArrayDeque<Sent> waiting = new ArrayDeque<>();
    long worst = 0;
    long begun = System.nanoTime();
    long sent = 0;
    for (int tick = 0; tick < SECONDS * TICKS_PER_SECOND || !waiting.isEmpty(); tick++) {
      long due = begun + tick * (1_000_000_000L / TICKS_PER_SECOND);
      LockSupport.parkNanos(due - System.nanoTime());
      if (tick < SECONDS * TICKS_PER_SECOND) {
        append(connection, seq, share, sent, accounts);
        seq += share;
        sent += share;
        waiting.add(new Sent(seq, System.nanoTime()));
      }
      long cursor = parts.meter.cursor();
      while (!waiting.isEmpty() && waiting.peek().seq() <= cursor) {
        worst = Math.max(worst, System.nanoTime() - waiting.remove().nanos());
      }
      if (!waiting.isEmpty()) {
        worst = Math.max(worst, System.nanoTime() - waiting.peek().nanos());
      }
    }
    return worst;
  }

  /// Resources take turns; each is started by one turn and stopped by its next.
  private static void append(Connection connection, long seq, int share, long sent, int accounts)
      throws SQLException, IOException {
    long now = CLOCK.millis();
    try (CopyRows rows =
        new CopyRows(
            connection,
            "scheduling.transition (seq, instance_id, epoch, generation, account_id,"
                + " instance_type, node_id, state, at, recorded_at)")) {
      for (int i = 1; i <= share; i++) {
        long number = sent + i - 1;
        long turn = number / RESOURCES;
        rows.row(10)
            .bigint(seq + i)
            .text("i-%017x".formatted((1L << 62) + number % RESOURCES))
            .bigint(1 + turn / 2)
            .bigint(1)
            .text(MonthLog.account((int) (number % RESOURCES % accounts)))
            .text("e1.nano")
            .text("node-00000000000000001")
            .text(turn % 2 == 0 ? "RUNNING" : "GONE")
            .time(now)
            .time(now);
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("UPDATE scheduling.transition_head SET seq = " + (seq + share));
      statement.execute("NOTIFY " + NotifiedHint.FACTS);
    }
    connection.commit();
  }
}
