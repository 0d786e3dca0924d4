package brume.billing.invoice;

import brume.billing.pricing.Portion;
import brume.billing.rating.Charge;
import brume.billing.rating.Period;
import brume.billing.rating.Quantity;
import brume.billing.rating.Statement;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.springframework.jdbc.core.JdbcTemplate;

/// Writes the lines of invoices by COPY, a bounded piece at a time.
final class LineCopy {
  private static final int PIECE_CHARACTERS = 1 << 18;
  private static final String COPY =
      "COPY billing.invoice_line (invoice_id, ordinal, line_id, kind, title, service, resource_id,"
          + " resource_name, tags, meter, sku, price_book_id, start_at, end_at, seconds,"
          + " minimum_seconds, micros, portions, intervals, corrects, parts, exact, amount, units)"
          + " FROM STDIN";

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
      CopyManager copy = connection.unwrap(PGConnection.class).getCopyAPI();
      CopyText text = new CopyText();
      for (InvoiceDraft draft : drafts) {
        write(copy, text, draft, period, names);
      }
      if (text.length() > 0) {
        send(copy, text);
      }
      return null;
    });
  }

  private static void write(
      CopyManager copy, CopyText text, InvoiceDraft draft, Period period, Map<String, Name> names)
      throws SQLException {
    List<Statement.Line> lines = draft.statement().lines();
    for (int i = 0; i < lines.size(); i++) {
      Statement.Line line = lines.get(i);
      text.add(draft.id()).add(i + 1).add(draft.lineIds().get(i));
      switch (line.charge().of()) {
        case Charge.Usage usage -> usage(text, line, usage, name(draft, usage, names));
        case Charge.Discounted discounted -> other(text, line, "discount", period, null);
        case Charge.Committed committed -> other(text, line, "commitment", period, null);
        case Charge.Corrected corrected ->
            other(text, line, "correction", corrected.period(), corrected);
      }
      text.add(line.charge().parts().parts()).add(line.exact()).add(line.amount());
      text.add(line.charge().of() instanceof Charge.Usage usage ? usage.quantity().units() : 0);
      text.endRow();
      if (text.length() > PIECE_CHARACTERS) {
        send(copy, text);
      }
    }
  }

  /// A resource that is another account's now is not called by its new name.
  private static Name name(InvoiceDraft draft, Charge.Usage usage, Map<String, Name> names) {
    Name name = names.get(usage.quantity().resourceId());
    return name != null && name.accountId().equals(draft.accountId())
        ? name
        : new Name(draft.accountId(), null, "{}");
  }

  private static void usage(CopyText text, Statement.Line line, Charge.Usage usage, Name name) {
    Quantity quantity = usage.quantity();
    text.add("usage")
        .add(InvoiceLines.title(line.charge()))
        .add(quantity.meter().service())
        .add(quantity.resourceId())
        .add(name.name())
        .add(name.tags())
        .add(quantity.meter().name())
        .add(quantity.sku())
        .add(quantity.priceBookId())
        .add(usage.start())
        .add(usage.end())
        .add(quantity.seconds())
        .add(quantity.minimumSeconds())
        .add(quantity.price().rate().listMicros())
        .add(portions(usage.portions()))
        .add(usage.intervals())
        .add(null);
  }

  private static void other(
      CopyText text,
      Statement.Line line,
      String kind,
      Period period,
      Charge.@Nullable Corrected corrected) {
    Charge.Usage now = corrected == null ? null : corrected.now();
    Quantity quantity = now == null ? null : now.quantity();
    text.add(kind)
        .add(InvoiceLines.title(line.charge()))
        .add(quantity == null ? null : quantity.meter().service())
        .add(corrected == null ? null : corrected.resourceId())
        .add(null)
        .add(null)
        .add(quantity == null ? null : quantity.meter().name())
        .add(quantity == null ? null : quantity.sku())
        .add(quantity == null ? null : quantity.priceBookId())
        .add(period.start())
        .add(period.end())
        .add(0)
        .add(0)
        .add(null)
        .add("{}")
        .add(0)
        .add(corrected == null ? null : corrected.lineId());
  }

  private static String portions(List<Portion> portions) {
    StringBuilder text = new StringBuilder("{");
    for (Portion portion : portions) {
      text.append(text.length() == 1 ? "" : ",")
          .append(portion.units())
          .append(',')
          .append(portion.micros());
    }
    return text.append('}').toString();
  }

  private static void send(CopyManager copy, CopyText text) throws SQLException {
    try {
      copy.copyIn(COPY, new StringReader(text.take()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
