package brume.billing;

import brume.billing.invoice.CostQueries;
import brume.billing.invoice.ExplanationQueries;
import brume.billing.invoice.InvoiceQueries;
import brume.billing.invoice.InvoiceStore;
import brume.billing.invoice.IssuedInvoices;
import brume.billing.invoice.MonthClose;
import brume.billing.invoice.StatementReader;
import brume.billing.invoice.UsageAudit;
import brume.billing.invoice.UsageQueries;
import brume.billing.meter.MeterStore;
import brume.billing.meter.ResourceLog;
import brume.billing.meter.Transition;
import brume.billing.meter.TransitionLog;
import brume.billing.pricing.PriceBook;
import brume.billing.pricing.PriceBookStore;
import brume.billing.terms.TaxTable;
import brume.billing.terms.TermsStore;
import brume.contract.VmState;
import brume.db.ServiceRole;
import brume.db.TestDatabase;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Currency;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/// Billing's parts over a fresh database, with billing's own role; the log is written by the owner.
public final class BillingFixture implements AutoCloseable {
  public static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  public static final TaxTable TAXES =
      TaxTable.read(
          """
          taxes:
            - {country: FR, customerKind: consumer, name: VAT 20 %, basisPoints: 2000}
            - {country: FR, customerKind: business, name: Reverse charge, basisPoints: 0}
            - {country: "*", customerKind: "*", name: No tax, basisPoints: 0}
          """);

  public final TestDatabase database = TestDatabase.fresh();
  private final HikariDataSource servicePool = pool(database.dataSource(ServiceRole.BILLING));
  private final HikariDataSource ownerPool = pool(database.ownerDataSource());
  public final DataSource dataSource = servicePool;
  public final JdbcTemplate jdbc = new JdbcTemplate(dataSource);
  public final JdbcTemplate owner = new JdbcTemplate(ownerPool);
  public final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  public final TransactionTemplate transaction =
      new TransactionTemplate(new JdbcTransactionManager(dataSource));
  public final TransactionTemplate snapshot =
      new TransactionTemplate(new JdbcTransactionManager(dataSource));
  public final TransitionLog log = new TransitionLog(jdbc);
  public final ResourceLog resources = new ResourceLog(jdbc);
  public final MeterStore meter = new MeterStore(jdbc, transaction, log, clock);
  public final MeterStore resourceMeter = new MeterStore(jdbc, transaction, resources, clock);
  public final PriceBookStore prices = new PriceBookStore(jdbc, transaction, clock);
  public final TermsStore terms = new TermsStore(JdbcClient.create(jdbc), clock);
  public final StatementReader statements =
      new StatementReader(JdbcClient.create(jdbc), prices, TAXES, Currency.getInstance("USD"));
  public final InvoiceQueries invoices =
      new InvoiceQueries(JdbcClient.create(jdbc), snapshot, statements, terms);
  public final IssuedInvoices issued = new IssuedInvoices(jdbc, snapshot);
  public final UsageQueries usage = new UsageQueries(JdbcClient.create(jdbc));
  public final CostQueries costs =
      new CostQueries(JdbcClient.create(jdbc), snapshot, statements, prices);
  public final ExplanationQueries explanations =
      new ExplanationQueries(JdbcClient.create(jdbc), snapshot, statements, prices, terms);
  public final UsageAudit audit =
      new UsageAudit(
          jdbc, snapshot, List.of(log, resources), statements, UsageAudit.RESOURCES_AT_ONCE);
  public final TransactionTemplate repeatable =
      new TransactionTemplate(new JdbcTransactionManager(dataSource));
  public final InvoiceStore store = new InvoiceStore(jdbc, repeatable, statements, terms, clock);
  public final MonthClose close =
      new MonthClose(jdbc, snapshot, audit, statements, store, clock, Duration.ofHours(6));

  private static final Queue<BillingFixture> OPEN = new ConcurrentLinkedQueue<>();

  /// Gives back the connections that nobody uses now; who asks again gets new ones.
  static void giveBackConnections() {
    OPEN.removeIf(fixture -> fixture.servicePool.isClosed());
    for (BillingFixture fixture : OPEN) {
      fixture.servicePool.getHikariPoolMXBean().softEvictConnections();
      fixture.ownerPool.getHikariPoolMXBean().softEvictConnections();
    }
  }

  public BillingFixture(PriceBook... books) {
    OPEN.add(this);
    snapshot.setReadOnly(true);
    snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    repeatable.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    // The meter does not rely on the log's own guards: it is shown logs that they would not take.
    owner.execute("ALTER TABLE scheduling.transition DISABLE TRIGGER guard_ended_epoch");
    List.of(books).forEach(prices::publish);
  }

  private static HikariDataSource pool(DataSource source) {
    HikariConfig config = new HikariConfig();
    config.setDataSource(source);
    config.setMaximumPoolSize(4);
    config.setMinimumIdle(0);
    return new HikariDataSource(config);
  }

  /// For those who make many: a server has so many connections.
  @Override
  public void close() {
    servicePool.close();
    ownerPool.close();
  }

  /// As it was at first, but for price books.
  public void clear() {
    owner.execute(
        """
        DELETE FROM scheduling.transition;
        DELETE FROM compute.resource_transition;
        DELETE FROM billing.usage;
        DELETE FROM billing.open_usage;
        UPDATE billing.meter_cursor SET seq = 0, chain = NULL;
        TRUNCATE billing.credit_use, billing.credit, billing.invoice_line, billing.invoice,
          billing.invoice_number, billing.account_terms, billing.invoice_sum
        """);
  }

  /// As the scheduler would have written it.
  public void append(List<Transition> transitions) {
    owner.batchUpdate(
        """
        INSERT INTO scheduling.transition (seq, instance_id, epoch, generation, account_id,
          instance_type, node_id, state, at, recorded_at)
        VALUES (?, ?, ?, 1, ?, ?, 'node-00000000000000001', ?, ?, greatest(?, now()))
        """,
        transitions.stream()
            .map(each ->
                new Object[] {
                  each.seq(),
                  each.resourceId(),
                  each.epoch(),
                  each.accountId(),
                  each.sku(),
                  each.state().name(),
                  SqlTime.in(each.at()),
                  SqlTime.in(each.at())
                })
            .toList());
  }

  /// As compute-api would have written it.
  public void appendResources(List<Transition> transitions) {
    owner.batchUpdate(
        """
        INSERT INTO compute.resource_transition (seq, resource_id, kind, epoch, account_id, sku,
          size, present, at, recorded_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, greatest(?, now()))
        """,
        transitions.stream()
            .map(each ->
                new Object[] {
                  each.seq(),
                  each.resourceId(),
                  each.kind().text(),
                  each.epoch(),
                  each.accountId(),
                  each.sku(),
                  each.size(),
                  each.state() == VmState.RUNNING,
                  SqlTime.in(each.at()),
                  SqlTime.in(each.at())
                })
            .toList());
  }

  public void meterAll(int batch) {
    int read;
    do {
      read = meter.advance(batch).read() + resourceMeter.advance(batch).read();
    } while (read > 0);
  }

  public List<String> usageRows() {
    return jdbc.queryForList(
        """
        SELECT concat_ws(' ', resource_id, epoch, started_at AT TIME ZONE 'UTC',
                         ended_at AT TIME ZONE 'UTC', seconds, ends_run, opened_seq, closed_seq)
        FROM billing.usage ORDER BY opened_seq, month
        """,
        String.class);
  }
}
