package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.pricing.Portion;
import brume.billing.rating.Period;
import brume.billing.terms.AccountTerms;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.json.JsonMapper;

/// Reads what was issued. Lines come one by one, however many there are.
public final class IssuedInvoices {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int LIST_MAX = 1000;
  private static final int FETCH = 1000;
  private static final String LINES =
      "SELECT *, coalesce(units, seconds + minimum_seconds) AS charged_units"
          + " FROM billing.invoice_line";

  private final JdbcClient jdbc;
  private final JdbcTemplate streaming;
  private final TransactionOperations snapshot;

  /// @param snapshot read-only transactions: the driver streams rows in a transaction only
  public IssuedInvoices(JdbcTemplate jdbc, TransactionOperations snapshot) {
    this.jdbc = JdbcClient.create(jdbc);
    this.streaming = new JdbcTemplate(Objects.requireNonNull(jdbc.getDataSource()));
    this.streaming.setFetchSize(FETCH);
    this.snapshot = snapshot;
  }

  /// An account's invoices, the newest first, without their lines.
  public List<Invoice> of(String accountId) {
    return jdbc.sql(
            "SELECT * FROM billing.invoice WHERE account_id = ? AND state <> 'draft'"
                + " ORDER BY number DESC LIMIT ?")
        .params(accountId, LIST_MAX)
        .query((row, index) -> head(row))
        .list();
  }

  /// An invoice without its lines.
  ///
  /// @param accountId whose it must be; null for any
  public Optional<Invoice> find(@Nullable String accountId, String id) {
    return jdbc.sql(
            "SELECT * FROM billing.invoice WHERE id = ? AND account_id = coalesce(?, account_id)"
                + " AND state <> 'draft'")
        .params(java.util.Arrays.asList(id, accountId))
        .query((row, index) -> head(row))
        .optional();
  }

  /// Gives each line in order.
  public void lines(String id, Consumer<IssuedLine> consumer) {
    snapshot.executeWithoutResult(status ->
        streaming.query(
            LINES + " WHERE invoice_id = ? ORDER BY ordinal",
            (RowCallbackHandler) row -> consumer.accept(line(row)),
            id));
  }

  /// One line by its name.
  public Optional<IssuedLine> line(String id, String lineId) {
    return jdbc.sql(LINES + " WHERE invoice_id = ? AND line_id = ?")
        .params(id, lineId)
        .query((row, index) -> line(row))
        .optional();
  }

  /// With all its lines, for those who need them at once.
  public Invoice whole(Invoice head) {
    List<Invoice.Line> lines = new ArrayList<>();
    List<Invoice.Adjustment> adjustments = new ArrayList<>();
    lines(
        Objects.requireNonNull(head.id()),
        line -> {
          if (line.isUsage()) {
            lines.add(line.asLine());
          } else {
            adjustments.add(line.asAdjustment());
          }
        });
    return head.with(lines, adjustments);
  }

  private static Invoice head(ResultSet row) throws SQLException {
    AccountTerms terms = JSON.readValue(row.getString("terms"), AccountTerms.class);
    List<Invoice.Subtotal> subtotals =
        List.of(JSON.readValue(row.getString("subtotals"), Invoice.Subtotal[].class));
    Period period = new Period(SqlTime.out(row, "period_start"), SqlTime.out(row, "period_end"));
    Instant issuedAt = SqlTime.out(row, "issued_at");
    return new Invoice(
        row.getString("id"),
        row.getInt("number"),
        row.getString("account_id"),
        row.getString("account_name"),
        row.getString("state"),
        period,
        period.end(),
        issuedAt,
        SqlTime.out(row, "due_at"),
        SqlTime.outOrNull(row, "settled_at"),
        row.getString("settled_note"),
        terms.zone(),
        terms.taxId(),
        row.getString("currency"),
        List.of(),
        List.of(),
        subtotals,
        Money.text(row.getBigDecimal("exact_total")),
        Money.text(row.getBigDecimal("rounding")),
        Money.text(row.getBigDecimal("net")),
        row.getString("tax_name"),
        Money.text(row.getBigDecimal("tax")),
        Money.text(row.getBigDecimal("total")),
        Money.text(row.getBigDecimal("credit")),
        Money.text(row.getBigDecimal("due")),
        certificate(row));
  }

  private static @Nullable Certificate certificate(ResultSet row) throws SQLException {
    byte[] digest = row.getBytes("certificate");
    byte[] logHead = row.getBytes("chain_head");
    return digest == null || logHead == null
        ? null
        : Certificate.of(
            digest,
            new LogHead(
                row.getLong("through_seq"),
                Certificate.hex(logHead),
                row.getLong("resources_seq"),
                Certificate.hexOrNull(row.getBytes("resources_head"))));
  }

  private static IssuedLine line(ResultSet row) throws SQLException {
    Long[] flat = (Long[]) row.getArray("portions").getArray();
    List<Portion> portions = new ArrayList<>();
    for (int i = 0; i < flat.length; i += 2) {
      portions.add(new Portion(flat[i], flat[i + 1]));
    }
    long micros = row.getLong("micros");
    Long shown = row.wasNull() ? null : micros;
    return new IssuedLine(
        row.getInt("ordinal"),
        row.getString("line_id"),
        row.getString("kind"),
        row.getString("title"),
        row.getString("service"),
        row.getString("resource_id"),
        row.getString("resource_name"),
        row.getString("tags"),
        row.getString("meter"),
        row.getString("sku"),
        row.getString("price_book_id"),
        SqlTime.out(row, "start_at"),
        SqlTime.out(row, "end_at"),
        row.getLong("seconds"),
        row.getLong("minimum_seconds"),
        row.getLong("charged_units"),
        shown,
        portions,
        row.getLong("intervals"),
        row.getString("corrects"),
        row.getBigDecimal("parts"),
        row.getBigDecimal("exact"),
        row.getBigDecimal("amount"));
  }
}
