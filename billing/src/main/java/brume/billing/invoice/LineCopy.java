package brume.billing.invoice;

import brume.billing.CopyRows;
import brume.billing.pricing.Portion;
import brume.billing.rating.Charge;
import brume.billing.rating.Period;
import brume.billing.rating.Quantity;
import brume.billing.rating.Statement;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/// Writes the lines of invoices by COPY.
final class LineCopy {
  private static final String INTO =
      "billing.invoice_line (invoice_id, ordinal, line_id, kind, title, service, resource_id,"
          + " resource_name, tags, meter, sku, price_book_id, start_at, end_at, seconds,"
          + " minimum_seconds, micros, portions, intervals, corrects, parts, exact, amount, units)";
  private static final int COLUMNS = 24;
  private static final long[] NO_PORTIONS = {};

  private final JdbcTemplate jdbc;

  LineCopy(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /// How a resource is called now.
  ///
  /// @param accountId whose it is
  record Name(String accountId, @Nullable String name, String tags) {}

  /// @param names by resource
  void write(List<InvoiceDraft> drafts, Period period, Map<String, Name> names) {
    jdbc.execute((Connection connection) -> {
      try (CopyRows rows = new CopyRows(connection, INTO)) {
        for (InvoiceDraft draft : drafts) {
          write(rows, draft, period, names);
        }
        rows.end();
      }
      return null;
    });
  }

  private static void write(
      CopyRows rows, InvoiceDraft draft, Period period, Map<String, Name> names)
      throws SQLException {
    List<Statement.Line> lines = draft.statement().lines();
    for (int i = 0; i < lines.size(); i++) {
      Statement.Line line = lines.get(i);
      rows.row(COLUMNS).text(draft.id()).integer(i + 1).text(draft.lineIds().get(i));
      switch (line.charge().of()) {
        case Charge.Usage usage -> usage(rows, line, usage, name(draft, usage, names));
        case Charge.Discounted discounted -> other(rows, line, "discount", period, null);
        case Charge.Committed committed -> other(rows, line, "commitment", period, null);
        case Charge.Corrected corrected ->
            other(rows, line, "correction", corrected.period(), corrected);
      }
      rows.numeric(line.charge().parts().parts()).numeric(line.exact()).numeric(line.amount());
      rows.bigint(line.charge().of() instanceof Charge.Usage usage ? usage.quantity().units() : 0);
    }
  }

  /// A resource that is another account's now is not called by its new name.
  private static Name name(InvoiceDraft draft, Charge.Usage usage, Map<String, Name> names) {
    Name name = names.get(usage.quantity().resourceId());
    return name != null && name.accountId().equals(draft.accountId())
        ? name
        : new Name(draft.accountId(), null, "{}");
  }

  private static void usage(CopyRows rows, Statement.Line line, Charge.Usage usage, Name name)
      throws SQLException {
    Quantity quantity = usage.quantity();
    rows.text("usage")
        .text(InvoiceLines.title(line.charge()))
        .text(quantity.meter().service())
        .text(quantity.resourceId())
        .text(name.name())
        .jsonb(name.tags())
        .text(quantity.meter().name())
        .text(quantity.sku())
        .text(quantity.priceBookId())
        .time(usage.start())
        .time(usage.end())
        .bigint(quantity.seconds())
        .bigint(quantity.minimumSeconds())
        .bigint(quantity.price().rate().listMicros())
        .bigints(portions(usage.portions()))
        .bigint(usage.intervals())
        .none();
  }

  private static void other(
      CopyRows rows,
      Statement.Line line,
      String kind,
      Period period,
      Charge.@Nullable Corrected corrected)
      throws SQLException {
    Charge.Usage now = corrected == null ? null : corrected.now();
    Quantity quantity = now == null ? null : now.quantity();
    rows.text(kind)
        .text(InvoiceLines.title(line.charge()))
        .text(quantity == null ? null : quantity.meter().service())
        .text(corrected == null ? null : corrected.resourceId())
        .none()
        .none()
        .text(quantity == null ? null : quantity.meter().name())
        .text(quantity == null ? null : quantity.sku())
        .text(quantity == null ? null : quantity.priceBookId())
        .time(period.start())
        .time(period.end())
        .bigint(0)
        .bigint(0)
        .none()
        .bigints(NO_PORTIONS)
        .bigint(0)
        .text(corrected == null ? null : corrected.lineId());
  }

  /// Units and micros, by turns.
  private static long[] portions(List<Portion> portions) {
    long[] flat = new long[2 * portions.size()];
    for (int i = 0; i < portions.size(); i++) {
      flat[2 * i] = portions.get(i).units();
      flat[2 * i + 1] = portions.get(i).micros();
    }
    return flat;
  }
}
