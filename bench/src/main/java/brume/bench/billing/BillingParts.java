package brume.bench.billing;

import brume.billing.invoice.InvoiceQueries;
import brume.billing.invoice.InvoiceStore;
import brume.billing.invoice.IssuedInvoices;
import brume.billing.invoice.MonthClose;
import brume.billing.invoice.StatementReader;
import brume.billing.invoice.UsageAudit;
import brume.billing.meter.MeterStore;
import brume.billing.meter.ResourceLog;
import brume.billing.meter.TransitionLog;
import brume.billing.pricing.PriceBookStore;
import brume.billing.pricing.PriceBookYaml;
import brume.billing.terms.TaxTable;
import brume.billing.terms.TermsStore;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/// Billing's own classes over one pool, put together as the service does, with the service's role.
final class BillingParts implements AutoCloseable {
  final HikariDataSource pool;
  final JdbcTemplate jdbc;
  final MeterStore meter;
  final UsageAudit audit;
  final MonthClose close;
  final InvoiceQueries drafts;
  final IssuedInvoices issued;

  BillingParts(String url, String user, String password, Clock clock) throws IOException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setMaximumPoolSize(10);
    pool = new HikariDataSource(config);
    jdbc = new JdbcTemplate(pool);
    JdbcClient client = JdbcClient.create(jdbc);
    TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
    TransitionLog log = new TransitionLog(jdbc);
    PriceBookStore books = new PriceBookStore(jdbc, transaction, clock);
    books.publish(PriceBookYaml.read(resource("/prices/2026-01.yaml")));
    TermsStore terms = new TermsStore(client, clock);
    StatementReader statements =
        new StatementReader(
            client,
            books,
            TaxTable.read(resource("/taxes/none.yaml")),
            Currency.getInstance("USD"));
    meter = new MeterStore(jdbc, transaction, log, clock);
    audit =
        new UsageAudit(
            jdbc,
            snapshot(true),
            List.of(log, new ResourceLog(jdbc)),
            statements,
            UsageAudit.RESOURCES_AT_ONCE);
    InvoiceStore store = new InvoiceStore(jdbc, snapshot(false), statements, terms, clock);
    close =
        new MonthClose(jdbc, snapshot(true), audit, statements, store, clock, Duration.ofHours(6));
    drafts = new InvoiceQueries(client, snapshot(true), statements, terms);
    issued = new IssuedInvoices(jdbc, snapshot(true));
  }

  private TransactionTemplate snapshot(boolean readOnly) {
    TransactionTemplate template = new TransactionTemplate(new JdbcTransactionManager(pool));
    template.setReadOnly(readOnly);
    template.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    return template;
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = BillingParts.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
