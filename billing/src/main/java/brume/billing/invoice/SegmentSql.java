package brume.billing.invoice;

import brume.billing.rating.Period;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/// The set-based half of rating: usage cut at price changes and at the period's ends. Only whole
/// seconds are added here; money is made from them in `rating`.
///
/// Parameters by name: `currency`, `from` and `to` of the period, `asOf` (what is open counts up to
/// it), and whatever the condition uses.
final class SegmentSql {
  private static final Pattern PARAMETER = Pattern.compile("(?<!:):(currency|from|to|asOf)\\b");

  private SegmentSql() {}

  /// The same with its parameters written into it, for COPY.
  static String inlined(String sql, String currency, Period period, Instant asOf) {
    Map<String, String> values =
        Map.of(
            "currency", "'" + currency + "'",
            "from", time(period.start()),
            "to", time(period.end()),
            "asOf", time(asOf));
    return PARAMETER
        .matcher(sql)
        .replaceAll(match -> Objects.requireNonNull(values.get(match.group(1))));
  }

  private static String time(Instant instant) {
    return "timestamptz '" + instant + "'";
  }

  /// Usage of the period, closed and open, and the prices with the times that they hold for. A
  /// closed record lies within its month.
  private static final String USED =
      """
      WITH used AS NOT MATERIALIZED (
        SELECT account_id, resource_id, meter, sku, opened_seq, run_started_at, started_at,
               ended_at, ends_run, false AS open, size, counted, seconds
        FROM billing.usage
        WHERE %1$s AND month = (:from::timestamptz AT TIME ZONE 'UTC')::date
        UNION ALL
        SELECT account_id, resource_id, meter, sku, opened_seq, run_started_at, started_at,
               greatest(started_at, :asOf), true, true, size,
               CASE WHEN meter = 'egress-bytes' THEN 0 END, 0
        FROM billing.open_usage WHERE %1$s AND started_at < :to
      ), price AS MATERIALIZED (
        SELECT p.meter, p.sku, b.id AS price_book_id, p.minimum_seconds,
               make_interval(secs => p.minimum_seconds) AS minimum,
               lower(b.valid) AS begins, coalesce(upper(b.valid), 'infinity') AS ends,
               greatest(lower(b.valid), :from) AS cut_from,
               least(coalesce(upper(b.valid), 'infinity'), :to) AS cut_to
        FROM billing.price p JOIN billing.price_book b ON b.id = p.price_book_id
        WHERE b.currency = :currency AND b.sealed_at IS NOT NULL
      )\
      """;

  /// One row for each record and price, and one without a price where there is none. The minimum is
  /// due in the period that has the run's last second, at the price of the run's start;
  /// `charged_at` is that second, and where all is charged that was counted.
  private static final String SEGMENT =
      """
      , priced AS (
        SELECT d.account_id, d.resource_id, d.meter, d.sku, d.opened_seq, d.run_started_at,
               d.started_at, d.ended_at, d.ends_run, d.open, d.size, d.counted,
               p.price_book_id,
               greatest(d.started_at, d.ended_at - interval '1 second') AS charged_at,
               d.ended_at >= p.begins AND d.ended_at < p.ends AS price_of_end,
               greatest(d.started_at, p.cut_from) AS cut_start,
               least(d.ended_at, p.cut_to) AS cut_end, p.cut_from, p.cut_to,
               CASE WHEN d.counted IS NULL AND d.ends_run
                         AND d.ended_at < d.run_started_at + p.minimum
                         AND d.run_started_at >= p.begins AND d.run_started_at < p.ends
                         AND greatest(d.started_at, d.ended_at - interval '1 second') >= :from
                         AND greatest(d.started_at, d.ended_at - interval '1 second') < :to
                    THEN p.minimum_seconds
                         - date_part('epoch', d.ended_at - d.run_started_at)::bigint
                    ELSE 0 END AS minimum_seconds
        FROM %2$s d LEFT JOIN price p ON p.meter = d.meter AND p.sku = d.sku
          AND p.begins <= d.ended_at AND p.ends > d.run_started_at
      ), segment AS (
        SELECT account_id, resource_id, meter, sku, price_book_id, opened_seq, run_started_at,
               ended_at,
               CASE WHEN cut_end > cut_start THEN cut_start ELSE charged_at END AS start_at,
               CASE WHEN cut_end > cut_start THEN cut_end ELSE charged_at END AS end_at,
               CASE WHEN cut_end > cut_start
                         AND counted IS NULL
                    THEN date_part('epoch', cut_end - cut_start)::bigint ELSE 0 END AS seconds,
               minimum_seconds, size, counted, charged_at,
               open AND cut_end = ended_at AS running
        FROM priced
        WHERE CASE WHEN counted IS NULL
                   THEN cut_end > cut_start OR minimum_seconds > 0
                   ELSE charged_at >= cut_from AND charged_at < cut_to
                        AND (ends_run OR counted > 0) END
              OR (open AND price_of_end) OR price_book_id IS NULL
      )\
      """;

  /// Sums for each resource and price, in the order of an invoice's lines. A row without a price
  /// book is usage that has no price; `since` and `until` are the ends of all that is in the sum.
  static String quantities(String condition) {
    return (USED + SEGMENT).formatted(condition, "used")
        + """

        SELECT account_id, resource_id, meter, sku, price_book_id,
               min(start_at) AS start_at, max(end_at) AS end_at, bool_or(running) AS running,
               sum(CASE WHEN running AND counted IS NULL THEN size ELSE 0 END)::bigint
                 AS running_size,
               sum(seconds)::bigint AS seconds, sum(minimum_seconds)::bigint AS minimum_seconds,
               sum(coalesce(counted, (seconds + minimum_seconds) * size))::bigint AS units,
               count(*) AS intervals, min(run_started_at) AS since, max(ended_at) AS until
        FROM segment
        GROUP BY account_id, resource_id, meter, sku, price_book_id
        ORDER BY account_id, min(start_at), resource_id, meter, sku, price_book_id
        """;
  }

  /// As [#quantities], for many accounts at once, at half the cost: what has one size, lies within
  /// the period and one price whole, and is longer than its minimum, is added up before it is
  /// priced. All else is cut as ever. Seconds of a month are integers, whose sums cost a third of
  /// those of longer ones.
  static String manyQuantities(String condition) {
    return (USED + SUMS + SEGMENT).formatted(condition, "odd") + MANY;
  }

  private static final String SUMS =
      """
      , sums AS (
        SELECT account_id, resource_id, meter, sku, min(started_at) AS start_at,
               max(ended_at) AS end_at, sum(seconds) AS seconds,
               max(size) AS size, count(*) AS intervals,
               min(run_started_at) AS since, min(seconds) AS shortest,
               min(size) < max(size) OR bool_or(open OR counted IS NOT NULL) AS odd
        FROM used GROUP BY account_id, resource_id, meter, sku
      ), whole AS MATERIALIZED (
        SELECT s.*, p.price_book_id
        FROM sums s LEFT JOIN price p ON p.meter = s.meter AND p.sku = s.sku
          AND p.begins <= s.since AND s.end_at <= p.ends AND s.start_at >= :from
          AND s.end_at <= :to AND s.shortest >= p.minimum_seconds AND NOT s.odd
      ), odd AS MATERIALIZED (
        SELECT u.* FROM used u JOIN whole w ON w.account_id = u.account_id
          AND w.resource_id = u.resource_id AND w.meter = u.meter AND w.sku = u.sku
        WHERE w.price_book_id IS NULL
      )\
      """;

  private static final String MANY =
      """

      SELECT account_id, resource_id, meter, sku, price_book_id, start_at, end_at,
             false AS running, 0::bigint AS running_size, seconds,
             0::bigint AS minimum_seconds, seconds * size AS units, intervals, since,
             end_at AS until
      FROM whole WHERE price_book_id IS NOT NULL
      UNION ALL
      SELECT account_id, resource_id, meter, sku, price_book_id,
             min(start_at), max(end_at), bool_or(running),
             sum(CASE WHEN running AND counted IS NULL THEN size ELSE 0 END)::bigint,
             sum(seconds)::bigint,
             sum(minimum_seconds)::bigint,
             sum(coalesce(counted, (seconds + minimum_seconds) * size))::bigint, count(*),
             min(run_started_at), max(ended_at)
      FROM segment GROUP BY account_id, resource_id, meter, sku, price_book_id
      ORDER BY account_id, start_at, resource_id, meter, sku, price_book_id
      """;

  /// The newest segments of each resource and price, `newest` of them.
  static String intervals(String condition) {
    return (USED + SEGMENT).formatted(condition, "used")
        + """

        SELECT * FROM (
          SELECT segment.*, coalesce(counted, (seconds + minimum_seconds) * size) AS units,
                 row_number() OVER (
            PARTITION BY resource_id, meter, sku, price_book_id ORDER BY opened_seq DESC) AS age
          FROM segment WHERE price_book_id IS NOT NULL) numbered
        WHERE age <= :newest ORDER BY start_at, opened_seq
        """;
  }

  /// All segments, the newest first, also those without a price. Times are seconds since 1970,
  /// which are read ten times as fast: all of them are whole. What lies within one price whole is
  /// not cut, and `since` and `until` are its own ends.
  static String segments(String condition) {
    return (USED + FITTED + SEGMENT).formatted(condition, "odd")
        + """

        SELECT resource_id, meter, sku, price_book_id, opened_seq, start_at, end_at,
               start_at AS since, end_at AS until, false AS running, seconds,
               0::bigint AS minimum_seconds, seconds * size AS units,
               0::bigint AS running_size
        FROM (
          SELECT resource_id, meter, sku, price_book_id, opened_seq, seconds, size,
                 date_part('epoch', ended_at)::bigint - seconds AS start_at,
                 date_part('epoch', ended_at)::bigint AS end_at
          FROM fitted WHERE price_book_id IS NOT NULL OFFSET 0) fits
        UNION ALL
        SELECT resource_id, meter, sku, price_book_id, opened_seq,
               date_part('epoch', start_at)::bigint AS start_at,
               date_part('epoch', end_at)::bigint AS end_at,
               date_part('epoch', run_started_at)::bigint AS since,
               date_part('epoch', ended_at)::bigint AS until,
               running, seconds, minimum_seconds,
               coalesce(counted, (seconds + minimum_seconds) * size) AS units,
               CASE WHEN running AND counted IS NULL THEN size ELSE 0 END AS running_size
        FROM segment ORDER BY opened_seq DESC
        """;
  }

  private static final String FITTED =
      """
      , fitted AS MATERIALIZED (
        SELECT u.*, p.price_book_id
        FROM used u LEFT JOIN price p ON p.meter = u.meter AND p.sku = u.sku
          AND p.begins <= u.run_started_at AND u.ended_at <= p.ends AND u.started_at >= :from
          AND u.ended_at <= :to AND u.seconds >= p.minimum_seconds
          AND u.counted IS NULL AND NOT u.open
      ), odd AS (SELECT * FROM fitted WHERE price_book_id IS NULL)\
      """;

  /// Sums for each day of UTC, resource and price, in the order of the days. A minimum counts on
  /// the day that its interval begins in, and what was counted on the one that it is charged in.
  static String days(String condition) {
    return (USED + SEGMENT).formatted(condition, "used")
        + """

        SELECT resource_id, meter, sku, price_book_id, day, sum(seconds)::bigint AS seconds,
               sum(minimum_seconds)::bigint AS minimum_seconds, sum(units)::bigint AS units
        FROM (
          SELECT resource_id, meter, sku, price_book_id, day, own.seconds,
                 own.minimum_seconds,
                 CASE WHEN counted IS NULL THEN (own.seconds + own.minimum_seconds) * size
                      WHEN day = date_trunc('day', charged_at, 'UTC') THEN counted ELSE 0 END
                   AS units
          FROM segment CROSS JOIN LATERAL (
            SELECT date_trunc('day', start_at, 'UTC') + n * interval '1 day' AS day
            FROM generate_series(0, 31) AS n) days
          CROSS JOIN LATERAL (SELECT
            CASE WHEN counted IS NULL
                 THEN extract(epoch FROM least(end_at, day + interval '1 day')
                                         - greatest(start_at, day))::bigint ELSE 0 END AS seconds,
            CASE WHEN day <= start_at THEN minimum_seconds ELSE 0 END AS minimum_seconds) own
          WHERE price_book_id IS NOT NULL
            AND (day < end_at OR day = date_trunc('day', start_at, 'UTC'))) cut
        GROUP BY resource_id, meter, sku, price_book_id, day
        ORDER BY day, resource_id, meter, sku, price_book_id
        """;
  }

  /// Usage that some second of has no price: rating it would give it away in silence.
  static String unpriced(String condition) {
    return USED.formatted(condition)
        + """
        , covered AS (
          SELECT p.meter, p.sku, range_agg(b.valid) AS valid
          FROM billing.price p JOIN billing.price_book b ON b.id = p.price_book_id
          WHERE b.currency = :currency AND b.sealed_at IS NOT NULL GROUP BY p.meter, p.sku
        )
        SELECT u.meter, u.sku, min(u.run_started_at) AS since
        FROM used u LEFT JOIN covered c ON c.meter = u.meter AND c.sku = u.sku
        WHERE (c.valid @> tstzrange(u.run_started_at,
                                    greatest(u.ended_at, u.run_started_at + interval '1 second')))
              IS NOT TRUE
        GROUP BY u.meter, u.sku ORDER BY u.meter, u.sku LIMIT 1
        """;
  }
}
