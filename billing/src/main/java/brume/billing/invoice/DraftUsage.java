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

  private final String accountId;

  /// By resource; nearly always there is one.
  private final Map<String, List<Line>> lines = new HashMap<>();

  private int count;

  DraftUsage(String accountId) {
    this.accountId = accountId;
  }

  private static final class Line {
    private final Meter meter;
    private final String sku;
    private final @Nullable String priceBookId;
    private long start = Long.MAX_VALUE;
    private long end = Long.MIN_VALUE;
    private long since = Long.MAX_VALUE;
    private long until = Long.MIN_VALUE;
    private boolean running;
    private long runningSize;
    private long seconds;
    private long minimumSeconds;
    private long units;
    private long intervals;
    private final List<Invoice.Interval> newest = new ArrayList<>();

    private Line(Meter meter, String sku, @Nullable String priceBookId) {
      this.meter = meter;
      this.sku = sku;
      this.priceBookId = priceBookId;
    }

    private boolean is(String ofMeter, String ofSku, @Nullable String ofBook) {
      return meter.name().equals(ofMeter)
          && sku.equals(ofSku)
          && Objects.equals(priceBookId, ofBook);
    }

    /// The columns of [SegmentSql#segments], by number: their names take as long to find as they
    /// take to read.
    private void add(ResultSet row) throws SQLException {
      long openedSeq = row.getLong(5);
      long from = row.getLong(6);
      long to = row.getLong(7);
      boolean goesOn = row.getBoolean(10);
      long more = row.getLong(11);
      long moreMinimum = row.getLong(12);
      long moreUnits = row.getLong(13);
      start = Math.min(start, from);
      end = Math.max(end, to);
      since = Math.min(since, row.getLong(8));
      until = Math.max(until, row.getLong(9));
      running |= goesOn;
      runningSize += row.getLong(14);
      seconds = Math.addExact(seconds, more);
      minimumSeconds = Math.addExact(minimumSeconds, moreMinimum);
      units = Math.addExact(units, moreUnits);
      intervals++;
      if (newest.size() < Invoice.INTERVALS_MAX) {
        newest.add(
            new Invoice.Interval(
                UsageId.of(meter, openedSeq),
                Instant.ofEpochSecond(from),
                goesOn ? null : Instant.ofEpochSecond(to),
                more,
                moreMinimum,
                Invoice.units(meter, moreUnits)));
      }
    }
  }

  /// Rows come with the newest first.
  void add(ResultSet row) throws SQLException {
    List<Line> of = lines.computeIfAbsent(row.getString(1), each -> new ArrayList<>(1));
    line(of, row.getString(2), row.getString(3), row.getString(4)).add(row);
    UsageSum.requireFew(accountId, count);
  }

  private Line line(List<Line> of, String meter, String sku, @Nullable String book) {
    for (Line each : of) {
      if (each.is(meter, sku, book)) {
        return each;
      }
    }
    Line line = new Line(Meter.named(meter), sku, book);
    of.add(line);
    count++;
    return line;
  }

  /// In the order of an invoice's lines.
  List<UsageSum> sums() {
    List<UsageSum> sums = new ArrayList<>();
    lines.forEach((resource, of) ->
        of.forEach(line ->
            sums.add(
                new UsageSum(
                    accountId,
                    resource,
                    line.meter.name(),
                    line.sku,
                    line.priceBookId,
                    Instant.ofEpochSecond(line.start),
                    Instant.ofEpochSecond(line.end),
                    line.running,
                    line.runningSize,
                    line.seconds,
                    line.minimumSeconds,
                    line.units,
                    line.intervals,
                    Instant.ofEpochSecond(line.since),
                    Instant.ofEpochSecond(line.until)))));
    sums.sort(LINES);
    return sums;
  }

  /// The newest intervals of a line, in the order of time.
  List<Invoice.Interval> intervals(Quantity of) {
    List<Line> lines = Objects.requireNonNull(this.lines.get(of.resourceId()));
    Line line =
        lines.stream()
            .filter(each -> each.is(of.meter().name(), of.sku(), of.priceBookId()))
            .findFirst()
            .orElseThrow();
    List<Invoice.Interval> oldestFirst = new ArrayList<>(line.newest.reversed());
    oldestFirst.sort(Comparator.comparing(Invoice.Interval::start));
    return oldestFirst;
  }
}
