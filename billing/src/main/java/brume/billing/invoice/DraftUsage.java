package brume.billing.invoice;

import brume.billing.meter.Meter;
import brume.billing.rating.Quantity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One account's usage of a period from one reading of its intervals: the sums, as the database
/// would add them up, and the newest intervals of each, to be shown.
final class DraftUsage {
  private static final Comparator<UsageSum> LINES =
      Comparator.comparing(UsageSum::start)
          .thenComparing(UsageSum::resourceId)
          .thenComparing(UsageSum::meter)
          .thenComparing(UsageSum::sku)
          .thenComparing(UsageSum::priceBookId, Comparator.nullsLast(Comparator.naturalOrder()));

  private final Map<Key, Line> lines = new HashMap<>();

  private record Key(
      String accountId,
      String resourceId,
      String meter,
      String sku,
      @Nullable String priceBookId) {}

  private static final class Line {
    private long start = Long.MAX_VALUE;
    private long end = Long.MIN_VALUE;
    private long since = Long.MAX_VALUE;
    private long until = Long.MIN_VALUE;
    private boolean running;
    private long seconds;
    private long minimumSeconds;
    private long units;
    private long intervals;
    private final List<Invoice.Interval> newest = new ArrayList<>();

    private void add(Meter meter, ResultSet row) throws SQLException {
      long from = row.getLong("start_at");
      long to = row.getLong("end_at");
      boolean goesOn = row.getBoolean("running");
      long more = row.getLong("seconds");
      long moreMinimum = row.getLong("minimum_seconds");
      start = Math.min(start, from);
      end = Math.max(end, to);
      since = Math.min(since, row.getLong("since"));
      until = Math.max(until, row.getLong("until"));
      running |= goesOn;
      seconds = Math.addExact(seconds, more);
      minimumSeconds = Math.addExact(minimumSeconds, moreMinimum);
      units = Math.addExact(units, row.getLong("units"));
      intervals++;
      if (newest.size() < Invoice.INTERVALS_MAX) {
        newest.add(
            new Invoice.Interval(
                UsageId.of(meter, row.getLong("opened_seq")),
                Instant.ofEpochSecond(from),
                goesOn ? null : Instant.ofEpochSecond(to),
                more,
                moreMinimum,
                Invoice.units(meter, row.getLong("units"))));
      }
    }
  }

  /// Rows come with the newest first.
  void add(ResultSet row) throws SQLException {
    Key key =
        new Key(
            row.getString("account_id"),
            row.getString("resource_id"),
            row.getString("meter"),
            row.getString("sku"),
            row.getString("price_book_id"));
    lines.computeIfAbsent(key, each -> new Line()).add(Meter.named(key.meter()), row);
    UsageSum.requireFew(key.accountId(), lines.size());
  }

  /// In the order of an invoice's lines.
  List<UsageSum> sums() {
    List<UsageSum> sums = new ArrayList<>();
    lines.forEach((key, line) ->
        sums.add(
            new UsageSum(
                key.accountId(),
                key.resourceId(),
                key.meter(),
                key.sku(),
                key.priceBookId(),
                Instant.ofEpochSecond(line.start),
                Instant.ofEpochSecond(line.end),
                line.running,
                line.seconds,
                line.minimumSeconds,
                line.units,
                line.intervals,
                Instant.ofEpochSecond(line.since),
                Instant.ofEpochSecond(line.until))));
    sums.sort(LINES);
    return sums;
  }

  /// The newest intervals of a line, in the order of time.
  List<Invoice.Interval> intervals(String accountId, Quantity of) {
    Key key = new Key(accountId, of.resourceId(), of.meter().name(), of.sku(), of.priceBookId());
    List<Invoice.Interval> oldestFirst =
        new ArrayList<>(Objects.requireNonNull(lines.get(key)).newest.reversed());
    oldestFirst.sort(Comparator.comparing(Invoice.Interval::start));
    return oldestFirst;
  }
}
