package brume.billing.invoice;

import brume.billing.CopyRows;
import brume.billing.meter.Meter;
import brume.billing.rating.Charge;
import brume.billing.rating.Statement;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/// Writes beside an invoice's lines what they come to by meter and price, for reports over months.
final class SumCopy {
  private static final String INTO =
      "billing.invoice_sum (invoice_id, kind, meter, sku, lines, units, exact, amount)";
  private static final int COLUMNS = 8;

  private final JdbcTemplate jdbc;

  SumCopy(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /// @param meter null where the lines are of none
  private record Key(String kind, @Nullable Meter meter, String sku) {}

  private static final class Sum {
    private int lines;
    private BigInteger units = BigInteger.ZERO;
    private BigDecimal exact = BigDecimal.ZERO;
    private BigDecimal amount = BigDecimal.ZERO;
  }

  void write(List<InvoiceDraft> drafts) {
    jdbc.execute((Connection connection) -> {
      try (CopyRows rows = new CopyRows(connection, INTO)) {
        for (InvoiceDraft draft : drafts) {
          for (Map.Entry<Key, Sum> each : sums(draft.statement()).entrySet()) {
            Meter meter = each.getKey().meter();
            Sum sum = each.getValue();
            rows.row(COLUMNS)
                .text(draft.id())
                .text(each.getKey().kind())
                .text(meter == null ? "" : meter.name())
                .text(each.getKey().sku())
                .integer(sum.lines)
                .numeric(sum.units)
                .numeric(sum.exact)
                .numeric(sum.amount);
          }
        }
        rows.end();
      }
      return null;
    });
  }

  private static Map<Key, Sum> sums(Statement statement) {
    Map<Key, Sum> sums = new LinkedHashMap<>();
    for (Statement.Line line : statement.lines()) {
      Sum sum = sums.computeIfAbsent(key(line.charge().of()), key -> new Sum());
      sum.lines++;
      sum.exact = sum.exact.add(line.exact());
      sum.amount = sum.amount.add(line.amount());
      if (line.charge().of() instanceof Charge.Usage usage) {
        sum.units = sum.units.add(BigInteger.valueOf(usage.quantity().units()));
      }
    }
    return sums;
  }

  private static Key key(Charge.Of of) {
    return switch (of) {
      case Charge.Usage usage -> new Key("usage", usage.quantity().meter(), usage.quantity().sku());
      case Charge.Discounted discounted -> new Key("discount", null, "");
      case Charge.Committed committed -> new Key("commitment", null, "");
      case Charge.Corrected corrected -> {
        Charge.Usage now = corrected.now();
        yield now == null
            ? new Key("correction", null, "")
            : new Key("correction", now.quantity().meter(), now.quantity().sku());
      }
    };
  }
}
