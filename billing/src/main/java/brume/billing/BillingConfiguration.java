package brume.billing;

import brume.billing.archive.UsageArchive;
import brume.billing.invoice.CloseRound;
import brume.billing.invoice.CostQueries;
import brume.billing.invoice.ExplanationQueries;
import brume.billing.invoice.InvoiceQueries;
import brume.billing.invoice.InvoiceStore;
import brume.billing.invoice.IssuedInvoices;
import brume.billing.invoice.MonthClose;
import brume.billing.invoice.MonthSums;
import brume.billing.invoice.StatementReader;
import brume.billing.invoice.UsageAudit;
import brume.billing.invoice.UsageQueries;
import brume.billing.meter.MeterLoop;
import brume.billing.meter.MeterStore;
import brume.billing.meter.NotifiedHint;
import brume.billing.meter.ResourceLog;
import brume.billing.meter.TransitionLog;
import brume.billing.meter.TransitionSource;
import brume.billing.meter.UsageMonths;
import brume.billing.pricing.PriceBookStore;
import brume.billing.pricing.PriceBookYaml;
import brume.billing.terms.TaxTable;
import brume.billing.terms.TermsStore;
import brume.contract.IdGenerator;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Currency;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/// How billing is put together, and the one place where the outside comes in: the clock,
/// randomness, ids.
@Configuration(proxyBeanMethods = false)
class BillingConfiguration {
  private static final Duration CLOSE_PERIOD = Duration.ofMinutes(10);
  private static final Duration MONTHS_PERIOD = Duration.ofHours(6);

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  RandomGenerator random() {
    return new SecureRandom();
  }

  @Bean
  IdGenerator idGenerator(Clock clock, RandomGenerator random) {
    return new IdGenerator(clock, random);
  }

  @Bean
  TransitionLog transitionLog(JdbcTemplate jdbc) {
    return new TransitionLog(jdbc);
  }

  @Bean
  ResourceLog resourceLog(JdbcTemplate jdbc) {
    return new ResourceLog(jdbc);
  }

  @Bean
  PriceBookStore priceBookStore(
      JdbcTemplate jdbc,
      PlatformTransactionManager transactions,
      Clock clock,
      BillingSettings settings) {
    PriceBookStore store = new PriceBookStore(jdbc, new TransactionTemplate(transactions), clock);
    settings.priceBooks().forEach(book -> store.publish(PriceBookYaml.read(text(book))));
    return store;
  }

  @Bean
  MeterStore meterStore(
      JdbcTemplate jdbc,
      PlatformTransactionManager transactions,
      TransitionLog source,
      Clock clock) {
    return new MeterStore(jdbc, new TransactionTemplate(transactions), source, clock);
  }

  @Bean
  MeterStore resourceMeterStore(
      JdbcTemplate jdbc, PlatformTransactionManager transactions, ResourceLog source, Clock clock) {
    return new MeterStore(jdbc, new TransactionTemplate(transactions), source, clock);
  }

  @Bean
  MeterLoop meterLoop(
      List<MeterStore> stores,
      DataSource dataSource,
      BillingSettings settings,
      MeterRegistry registry) {
    return new MeterLoop(
        stores,
        new NotifiedHint(dataSource, NotifiedHint.FACTS),
        settings.meterPeriod(),
        settings.meterBatchMax(),
        registry);
  }

  @Bean
  RoundLoop usageMonthsLoop(JdbcTemplate jdbc, Clock clock) {
    UsageMonths months = new UsageMonths(jdbc);
    return new RoundLoop("usage-months", MONTHS_PERIOD, () -> months.makeAhead(clock));
  }

  @Bean
  UsageArchive usageArchive(
      JdbcTemplate jdbc,
      PlatformTransactionManager transactions,
      Clock clock,
      BillingSettings settings) {
    return new UsageArchive(
        jdbc, new TransactionTemplate(transactions), clock, settings.archiveFolder());
  }

  /// A meter that stands still is as bad as a database that is away, and as visible.
  @Bean
  HealthIndicator meterHealth(MeterLoop loop) {
    return () -> {
      String failure = loop.failure();
      return failure == null
          ? Health.up().build()
          : Health.down().withDetail("failure", failure).build();
    };
  }

  @Bean
  TermsStore termsStore(JdbcClient jdbc, Clock clock) {
    return new TermsStore(jdbc, clock);
  }

  @Bean
  StatementReader statementReader(JdbcClient jdbc, PriceBookStore books, BillingSettings settings) {
    return new StatementReader(
        jdbc,
        books,
        TaxTable.read(text(settings.taxes())),
        Currency.getInstance(settings.currency()));
  }

  @Bean
  InvoiceQueries invoiceQueries(
      JdbcClient jdbc,
      PlatformTransactionManager transactions,
      StatementReader statements,
      TermsStore terms) {
    return new InvoiceQueries(jdbc, snapshot(transactions, true), statements, terms);
  }

  @Bean
  IssuedInvoices issuedInvoices(JdbcTemplate jdbc, PlatformTransactionManager transactions) {
    return new IssuedInvoices(jdbc, snapshot(transactions, true));
  }

  @Bean
  InvoiceStore invoiceStore(
      JdbcTemplate jdbc,
      PlatformTransactionManager transactions,
      StatementReader statements,
      TermsStore terms,
      Clock clock) {
    return new InvoiceStore(jdbc, snapshot(transactions, false), statements, terms, clock);
  }

  @Bean
  MonthClose monthClose(
      JdbcTemplate jdbc,
      PlatformTransactionManager transactions,
      UsageAudit audit,
      StatementReader statements,
      InvoiceStore invoices,
      Clock clock,
      BillingSettings settings) {
    return new MonthClose(
        jdbc,
        snapshot(transactions, true),
        audit,
        statements,
        invoices,
        clock,
        settings.invoiceAfter());
  }

  @Bean
  @ConditionalOnBooleanProperty(name = "brume.billing.invoice-by-itself", matchIfMissing = true)
  RoundLoop closeLoop(MonthClose close, Clock clock) {
    return new RoundLoop("close-month", CLOSE_PERIOD, new CloseRound(close, clock)::run);
  }

  @Bean
  CostQueries costQueries(
      JdbcClient jdbc,
      PlatformTransactionManager transactions,
      StatementReader statements,
      PriceBookStore books) {
    return new CostQueries(jdbc, snapshot(transactions, true), statements, books);
  }

  @Bean
  ExplanationQueries explanationQueries(
      JdbcClient jdbc,
      PlatformTransactionManager transactions,
      StatementReader statements,
      PriceBookStore books,
      TermsStore terms) {
    return new ExplanationQueries(jdbc, snapshot(transactions, true), statements, books, terms);
  }

  @Bean
  MonthSums monthSums(JdbcClient jdbc) {
    return new MonthSums(jdbc);
  }

  @Bean
  UsageQueries usageQueries(JdbcClient jdbc) {
    return new UsageQueries(jdbc);
  }

  @Bean
  UsageAudit usageAudit(
      JdbcTemplate jdbc,
      PlatformTransactionManager transactions,
      List<TransitionSource> sources,
      StatementReader statements) {
    return new UsageAudit(
        jdbc, snapshot(transactions, true), sources, statements, UsageAudit.RESOURCES_AT_ONCE);
  }

  /// Transactions that see one state.
  static TransactionTemplate snapshot(PlatformTransactionManager transactions, boolean readOnly) {
    TransactionTemplate template = new TransactionTemplate(transactions);
    template.setReadOnly(readOnly);
    template.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    return template;
  }

  private static String text(Resource book) {
    try {
      return book.getContentAsString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(book + " can not be read", e);
    }
  }
}
