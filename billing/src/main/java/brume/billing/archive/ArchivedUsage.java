package brume.billing.archive;

import brume.billing.CopyQuery;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One record of usage as it stands in an archive: all that the table has and does not work out.
///
/// @param counted null where its units are its seconds times its size
record ArchivedUsage(
    String resourceId,
    String meter,
    String accountId,
    String sku,
    long epoch,
    Instant runStartedAt,
    Instant startedAt,
    Instant endedAt,
    boolean endsRun,
    String closedBy,
    long openedSeq,
    long closedSeq,
    long size,
    @Nullable Long counted) {
  /// The columns of [#read], in the order of the file.
  static final String QUERY =
      """
      SELECT resource_id, meter, account_id, sku, epoch, run_started_at, started_at, ended_at,
             ends_run, closed_by, opened_seq, closed_seq, size, counted
      FROM billing.usage WHERE month = date '%s' ORDER BY resource_id, meter, opened_seq
      """;

  static ArchivedUsage read(CopyQuery row) {
    return new ArchivedUsage(
        row.text(),
        row.shared(),
        row.shared(),
        row.shared(),
        row.bigint(),
        row.time(),
        row.time(),
        row.time(),
        row.bool(),
        row.shared(),
        row.bigint(),
        row.bigint(),
        row.bigint(),
        row.bigintOrNull());
  }

  /// From the fields of a file, by name.
  static ArchivedUsage of(Map<String, @Nullable Object> all) {
    return new ArchivedUsage(
        text(all, "resource_id"),
        text(all, "meter"),
        text(all, "account_id"),
        text(all, "sku"),
        number(all, "epoch"),
        time(all, "run_started_at"),
        time(all, "started_at"),
        time(all, "ended_at"),
        (Boolean) field(all, "ends_run"),
        text(all, "closed_by"),
        number(all, "opened_seq"),
        number(all, "closed_seq"),
        number(all, "size"),
        all.get("counted") == null ? null : number(all, "counted"));
  }

  private static Object field(Map<String, @Nullable Object> fields, String name) {
    Object value = fields.get(name);
    if (value == null) {
      throw new IllegalStateException("a record of the archive has no " + name);
    }
    return value;
  }

  private static String text(Map<String, @Nullable Object> fields, String name) {
    return field(fields, name).toString();
  }

  private static long number(Map<String, @Nullable Object> fields, String name) {
    return ((Number) field(fields, name)).longValue();
  }

  private static Instant time(Map<String, @Nullable Object> fields, String name) {
    return Instant.ofEpochMilli(number(fields, name));
  }
}
