package brume.billing.meter;

import brume.billing.SqlTime;
import brume.contract.VmState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// Moves the meter: reads a batch of transitions and writes usage, open usage and the cursor in one
/// transaction. The cursor's row is locked first, so that several billing services take turns and
/// each transition counts once; a crash anywhere leaves either all of a batch or nothing.
public final class MeterStore {
  private static final int CHAIN_BATCH = 10_000;

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final TransitionSource source;
  private final Clock clock;
  private final UsageMonths months;
  private final List<Meter> meters;
  private volatile boolean chained;

  public MeterStore(
      JdbcTemplate jdbc, TransactionOperations transaction, TransitionSource source, Clock clock) {
    this.jdbc = JdbcClient.create(jdbc);
    this.transaction = transaction;
    this.source = source;
    this.clock = clock;
    this.months = new UsageMonths(jdbc);
    this.meters = Meter.ALL.stream().filter(meter -> meter.log().equals(source.name())).toList();
  }

  /// What a batch did.
  ///
  /// @param read how many transitions it had
  /// @param seq where the cursor stands now
  public record Batch(int read, long seq) {}

  private record Key(String resourceId, Meter meter) {}

  /// Reads at most `limit` transitions. Safe to call again at any time, by anyone.
  public Batch advance(int limit) {
    return Objects.requireNonNull(transaction.execute(status -> advanceLocked(limit)));
  }

  /// Reads at most `limit` transitions if there are any that are not metered yet.
  public void catchUp(int limit) {
    if (source.head() > cursor()) {
      advance(limit);
    }
  }

  /// Where the cursor stands.
  public long cursor() {
    return jdbc.sql("SELECT seq FROM billing.meter_cursor WHERE log = ?")
        .param(source.name())
        .query(Long.class)
        .single();
  }

  private Batch advanceLocked(int limit) {
    long cursor =
        jdbc.sql("SELECT seq FROM billing.meter_cursor WHERE log = ? FOR UPDATE")
            .param(source.name())
            .query(Long.class)
            .single();
    List<Transition> transitions = source.after(cursor, limit);
    if (transitions.isEmpty()) {
      chainOnce(cursor);
      return new Batch(0, cursor);
    }
    Map<Key, MeterPosition> before = positions(transitions);
    Map<Key, MeterPosition> after = new LinkedHashMap<>(before);
    List<UsageRecord> closed = new ArrayList<>();
    long seq = cursor;
    for (Transition transition : transitions) {
      if (transition.seq() <= seq) {
        throw new IllegalStateException(
            "transition " + transition.seq() + " came after " + seq + ": the log is out of order");
      }
      seq = transition.seq();
      for (Meter meter : metersOf(transition)) {
        Key key = new Key(transition.resourceId(), meter);
        MeterPosition.Step step = Objects.requireNonNull(after.get(key)).next(transition);
        after.put(key, step.position());
        UsageRecord record = step.closed();
        if (record != null) {
          closed.add(record);
        }
      }
    }
    // First what is over: a record that closes gives way to the one that opens.
    List<UsageRecord> pieces =
        closed.stream().flatMap(record -> record.byMonth().stream()).toList();
    months.require(pieces.stream().map(UsageRecord::month).toList());
    insertUsage(pieces);
    replaceOpen(before, after);
    jdbc.sql("UPDATE billing.meter_cursor SET seq = ?, chain = ?, updated_at = ? WHERE log = ?")
        .params(seq, chain(cursor, transitions), SqlTime.in(clock.instant()), source.name())
        .update();
    return new Batch(transitions.size(), seq);
  }

  private List<Meter> metersOf(Transition transition) {
    return meters.stream().filter(meter -> meter.of() == transition.kind()).toList();
  }

  /// The head of the log's chain with these transitions.
  private byte[] chain(long cursor, List<Transition> transitions) {
    LogChain chain = storedChain().map(LogChain::new).orElseGet(() -> chainUpTo(cursor));
    transitions.forEach(chain::add);
    return chain.head();
  }

  private Optional<byte[]> storedChain() {
    return jdbc.sql("SELECT chain FROM billing.meter_cursor WHERE log = ?")
        .param(source.name())
        .query((row, index) -> Optional.ofNullable(row.getBytes("chain")))
        .single();
  }

  /// A log that was metered before there was a chain gets it when nothing else is to do.
  private void chainOnce(long cursor) {
    if (!chained) {
      if (storedChain().isEmpty()) {
        jdbc.sql("UPDATE billing.meter_cursor SET chain = ? WHERE log = ?")
            .params(chainUpTo(cursor).head(), source.name())
            .update();
      }
      chained = true;
    }
  }

  private LogChain chainUpTo(long cursor) {
    LogChain chain = LogChain.empty();
    long seq = 0;
    while (seq < cursor) {
      List<Transition> batch = source.after(seq, CHAIN_BATCH);
      for (Transition transition : batch) {
        if (transition.seq() <= cursor) {
          chain.add(transition);
        }
      }
      seq = batch.isEmpty() ? cursor : batch.getLast().seq();
    }
    return chain;
  }

  private Map<Key, MeterPosition> positions(List<Transition> transitions) {
    Map<Key, MeterPosition> positions = new LinkedHashMap<>();
    for (Transition transition : transitions) {
      for (Meter meter : metersOf(transition)) {
        positions.putIfAbsent(
            new Key(transition.resourceId(), meter),
            MeterPosition.initial(transition.resourceId(), meter));
      }
    }
    readOpen(positions);
    readClosed(positions);
    return positions;
  }

  private void readOpen(Map<Key, MeterPosition> positions) {
    jdbc.sql(
            """
            SELECT resource_id, meter, account_id, sku, epoch, run_started_at, started_at,
                   opened_seq, migrating, size
            FROM billing.open_usage WHERE resource_id = ANY (?::text[]) AND meter = ANY (?::text[])
            """)
        .params(resources(positions.keySet()), texts(meters, Meter::name))
        .query((row, index) -> open(row))
        .list()
        .forEach(position -> positions.put(key(position), position));
  }

  /// The last usage of those that have none now: what is open is newer than all that is closed.
  private void readClosed(Map<Key, MeterPosition> positions) {
    List<Key> closed =
        positions.entrySet().stream()
            .filter(each -> each.getValue().open() == null)
            .map(Map.Entry::getKey)
            .toList();
    if (closed.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            SELECT last.* FROM unnest(?::text[], ?::text[]) AS wanted (resource, meter)
            CROSS JOIN LATERAL (
              SELECT resource_id, meter, epoch, closed_by, ended_at, closed_seq FROM (
                (SELECT * FROM (
                   SELECT resource_id, meter, epoch, closed_by, ended_at, closed_seq
                   FROM billing.usage
                   WHERE resource_id = wanted.resource AND meter = wanted.meter
                   ORDER BY opened_seq DESC, month DESC LIMIT 1) newest)
                UNION ALL
                SELECT resource_id, meter, epoch, closed_by, ended_at, closed_seq
                FROM billing.archived_position
                WHERE resource_id = wanted.resource AND meter = wanted.meter) known
              ORDER BY closed_seq DESC, ended_at DESC LIMIT 1) last
            """)
        .params(texts(closed, Key::resourceId), texts(closed, key -> key.meter().name()))
        .query((row, index) -> lastClosed(row))
        .list()
        .forEach(position -> positions.put(key(position), position));
  }

  private static String[] resources(Collection<Key> keys) {
    return keys.stream().map(Key::resourceId).distinct().toArray(String[]::new);
  }

  private static Key key(MeterPosition position) {
    return new Key(position.resourceId(), position.meter());
  }

  private static MeterPosition lastClosed(ResultSet row) throws SQLException {
    return new MeterPosition(
        row.getString("resource_id"),
        Meter.named(row.getString("meter")),
        null,
        row.getLong("closed_seq"),
        row.getLong("epoch"),
        VmState.valueOf(row.getString("closed_by")).isEnd(),
        SqlTime.out(row, "ended_at"));
  }

  private static MeterPosition open(ResultSet row) throws SQLException {
    Instant start = SqlTime.out(row, "started_at");
    OpenUsage usage =
        new OpenUsage(
            row.getString("resource_id"),
            Meter.named(row.getString("meter")),
            row.getString("account_id"),
            row.getString("sku"),
            row.getLong("epoch"),
            SqlTime.out(row, "run_started_at"),
            start,
            row.getLong("opened_seq"),
            row.getBoolean("migrating"),
            row.getLong("size"));
    return new MeterPosition(
        usage.resourceId(), usage.meter(), usage, usage.openedSeq(), usage.epoch(), false, start);
  }

  /// One statement for all: each row by itself would take longer than all the rest.
  private void insertUsage(List<UsageRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            INSERT INTO billing.usage (resource_id, meter, account_id, sku, epoch, run_started_at,
              started_at, ended_at, ends_run, closed_by, opened_seq, closed_seq, size, counted,
              month)
            SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[],
              ?::timestamptz[], ?::timestamptz[], ?::timestamptz[], ?::boolean[], ?::text[],
              ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::date[])
            """)
        .params(
            texts(records, UsageRecord::resourceId),
            texts(records, record -> record.meter().name()),
            texts(records, UsageRecord::accountId),
            texts(records, UsageRecord::sku),
            records.stream().map(UsageRecord::epoch).toArray(Long[]::new),
            texts(records, record -> record.runStartedAt().toString()),
            texts(records, record -> record.startedAt().toString()),
            texts(records, record -> record.endedAt().toString()),
            records.stream().map(UsageRecord::endsRun).toArray(Boolean[]::new),
            texts(records, record -> record.closedBy().name()),
            records.stream().map(UsageRecord::openedSeq).toArray(Long[]::new),
            records.stream().map(UsageRecord::closedSeq).toArray(Long[]::new),
            records.stream().map(UsageRecord::size).toArray(Long[]::new),
            records.stream().map(UsageRecord::counted).toArray(Long[]::new),
            texts(records, record -> record.month().toString()))
        .update();
  }

  private static <T> String[] texts(List<T> of, Function<T, String> text) {
    return of.stream().map(text).toArray(String[]::new);
  }

  private void replaceOpen(Map<Key, MeterPosition> before, Map<Key, MeterPosition> after) {
    List<Key> gone = new ArrayList<>();
    List<OpenUsage> there = new ArrayList<>();
    after.forEach((key, position) -> {
      OpenUsage was = Objects.requireNonNull(before.get(key)).open();
      OpenUsage is = position.open();
      if (is == null && was != null) {
        gone.add(key);
      } else if (is != null && !is.equals(was)) {
        there.add(is);
      }
    });
    if (!gone.isEmpty()) {
      jdbc.sql(
              """
              DELETE FROM billing.open_usage USING unnest(?::text[], ?::text[]) AS g(resource, meter)
              WHERE open_usage.resource_id = g.resource AND open_usage.meter = g.meter
              """)
          .params(texts(gone, Key::resourceId), texts(gone, key -> key.meter().name()))
          .update();
    }
    if (!there.isEmpty()) {
      upsertOpen(there);
    }
  }

  private void upsertOpen(List<OpenUsage> usage) {
    jdbc.sql(
            """
            INSERT INTO billing.open_usage (resource_id, meter, account_id, sku, epoch,
              run_started_at, started_at, opened_seq, migrating, size)
            SELECT * FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[],
              ?::timestamptz[], ?::timestamptz[], ?::bigint[], ?::boolean[], ?::bigint[])
            ON CONFLICT (resource_id, meter) DO UPDATE SET account_id = excluded.account_id,
              sku = excluded.sku, epoch = excluded.epoch,
              run_started_at = excluded.run_started_at, started_at = excluded.started_at,
              opened_seq = excluded.opened_seq, migrating = excluded.migrating, size = excluded.size
            """)
        .params(
            texts(usage, OpenUsage::resourceId),
            texts(usage, each -> each.meter().name()),
            texts(usage, OpenUsage::accountId),
            texts(usage, OpenUsage::sku),
            usage.stream().map(OpenUsage::epoch).toArray(Long[]::new),
            texts(usage, each -> each.runStartedAt().toString()),
            texts(usage, each -> each.startedAt().toString()),
            usage.stream().map(OpenUsage::openedSeq).toArray(Long[]::new),
            usage.stream().map(OpenUsage::migrating).toArray(Boolean[]::new),
            usage.stream().map(OpenUsage::size).toArray(Long[]::new))
        .update();
  }
}
