package brume.billing.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.billing.BillingFixture;
import brume.billing.Books;
import brume.billing.Logs;
import brume.billing.MovingClock;
import brume.billing.invoice.InvoiceStore;
import brume.billing.invoice.MonthClose;
import brume.billing.rating.Period;
import brume.billing.terms.AccountTerms;
import brume.contract.IdGenerator;
import brume.db.ServiceRole;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Budgets, limits and wallets of an account that runs an instance at 0.004 an hour since the first
/// second of November: 2.88 for the month.
class SpendingDbTest {
  private static final String ACCOUNT = Logs.ACCOUNT;

  private static BillingFixture billing;
  private static MovingClock clock;
  private static SpendingStore store;
  private static BudgetStore budgets;
  private static WalletQueries wallets;
  private static SpendingWatch watch;
  private static JdbcTemplate compute;

  @BeforeAll
  static void start() {
    billing = new BillingFixture(Books.plain());
    clock = new MovingClock("2026-11-01T00:00:00Z");
    JdbcClient jdbc = JdbcClient.create(billing.jdbc);
    store = new SpendingStore(jdbc, billing.transaction, new IdGenerator(clock, new Random(1)));
    budgets = new BudgetStore(jdbc, clock);
    wallets = new WalletQueries(jdbc, billing.snapshot, billing.statements, billing.terms);
    watch =
        new SpendingWatch(
            store, budgets, billing.costs, billing.terms, wallets, clock, Duration.ofSeconds(10));
    compute = new JdbcTemplate(billing.database.dataSource(ServiceRole.COMPUTE));
  }

  @BeforeEach
  void clear() {
    clock.moveTo("2026-11-01T00:00:00Z");
    billing.clear();
    billing.owner.execute(
        "TRUNCATE billing.budget, billing.spending, billing.budget_alert CASCADE;"
            + " DELETE FROM compute.instance_tag; DELETE FROM compute.instance;"
            + " DELETE FROM compute.account_use; DELETE FROM compute.account");
    billing.append(Logs.parse("1 RUNNING 2026-11-01T00:00:00"));
    billing.meterAll(10);
  }

  private static void budget(String amount, List<Integer> actual, List<Integer> forecast) {
    budgets.put(ACCOUNT, new Budget("all", new BigDecimal(amount), null, actual, forecast));
    store.watch(ACCOUNT);
  }

  private static List<String> alerts() {
    return billing.jdbc.queryForList(
        """
        SELECT concat_ws(' ', number, kind, percent, reached, 'of', amount) FROM billing.budget_alert
        ORDER BY number
        """,
        String.class);
  }

  private static void lookAt(String time) {
    clock.moveTo(time);
    watch.round();
  }

  /// As compute-api sees it.
  private static List<String> stopped() {
    return compute.queryForList(
        "SELECT code || CASE WHEN stops_instances THEN ' and stops' ELSE '' END || ': ' || detail"
            + " FROM billing.spending_stop",
        String.class);
  }

  @Test
  void eachThresholdIsToldOnceInAMonth() {
    budget("0.10", List.of(100, 80), List.of(1000));
    lookAt("2026-11-01T19:59:59Z");
    assertThat(alerts()).as("the month will end at 28 times the amount").hasSize(1);
    assertThat(alerts().getFirst()).isEqualTo("1 forecast 1000 2.880000 of 0.10");
    lookAt("2026-11-01T20:00:00Z");
    assertThat(alerts()).as("looked at a second ago").hasSize(1);
    lookAt("2026-11-01T20:00:09Z");
    lookAt("2026-11-01T20:00:30Z");
    assertThat(alerts().getLast()).isEqualTo("2 actual 80 0.080010 of 0.10");
    assertThat(alerts()).hasSize(2);
    lookAt("2026-11-20T00:00:00Z");
    assertThat(alerts().getLast()).isEqualTo("3 actual 100 1.824000 of 0.10");
    lookAt("2026-12-01T21:00:00Z");
    assertThat(alerts()).hasSize(5).last().asString().startsWith("5 forecast 1000 2.976000");
    assertThat(alerts().get(3)).as("another month").isEqualTo("4 actual 80 0.084000 of 0.10");
    assertThat(stopped()).as("a budget stops nothing").isEmpty();
  }

  @Test
  void aBudgetOfATagCountsWhatHasItAndADiscountIsTakenOff() {
    billing.terms.put(ACCOUNT, new AccountTerms("", "consumer", null, "UTC", 30, 5000, 0));
    billing.owner.update("INSERT INTO compute.account VALUES (?, 'a', 9, 9, 9999, now())", ACCOUNT);
    billing.owner.update(
        """
        INSERT INTO compute.instance (id, account_id, reservation_id, launch_index, name, image_id,
          instance_type, vcpu, memory_mib, baseline_percent, intent, created_at, intent_at)
        VALUES (?, ?, 'r-00000000000000001', 0, 'web', 'ami-00000000000000001', 'e1.nano', 1, 128,
          5, 'RUN', now(), now())
        """,
        Logs.RESOURCE,
        ACCOUNT);
    billing.owner.update(
        "INSERT INTO compute.instance_tag VALUES (?, 'team', 'blue')", Logs.RESOURCE);
    for (String value : List.of("blue", "red")) {
      budgets.put(
          ACCOUNT,
          new Budget(
              value,
              new BigDecimal("1.44"),
              new Budget.Tag("team", value),
              List.of(50),
              List.of(100)));
    }
    clock.moveTo("2026-11-11T00:00:00Z");
    assertThat(watch.measured(ACCOUNT).entrySet())
        .extracting(each -> each.getKey().id() + " " + each.getValue())
        .containsExactly(
            "blue Measured[actual=0.480000, forecast=1.440000]",
            "red Measured[actual=0.000000, forecast=0.000000]");
    store.watch(ACCOUNT);
    watch.round();
    assertThat(alerts()).containsExactly("1 forecast 100 1.440000 of 1.44");
  }

  @Test
  void aReachedLimitStopsLaunchesUntilItIsRaisedOrTheMonthEnds() {
    store.choose(ACCOUNT, new BigDecimal("1.00"), true);
    lookAt("2026-11-11T09:59:59Z");
    assertThat(stopped()).isEmpty();
    lookAt("2026-11-11T10:00:30Z");
    assertThat(stopped())
        .containsExactly(
            "spending_limit_reached and stops: the account has spent USD 1.000033 of its limit of"
                + " 1.00 this month, as of 2026-11-11T10:00:30Z: nothing can be launched or started"
                + " before 2026-12-01T00:00:00Z unless its owner raises the limit");
    lookAt("2026-11-11T11:00:00Z");
    assertThat(alerts()).as("told once").containsExactly("1 limit 1.000033 of 1.00");
    store.choose(ACCOUNT, new BigDecimal("2.00"), false);
    watch.look(ACCOUNT);
    assertThat(stopped()).as("raised").isEmpty();
    lookAt("2026-11-25T00:00:00Z");
    assertThat(stopped()).hasSize(1);
    lookAt("2026-12-01T00:00:01Z");
    assertThat(stopped()).as("a new month").isEmpty();
    assertThat(alerts()).hasSize(2);
    store.choose(ACCOUNT, null, false);
    lookAt("2026-12-31T00:00:00Z");
    assertThat(stopped()).as("no limit").isEmpty();
  }

  @Test
  void anEmptyWalletStopsLaunchesUntilItIsToppedUpAndClosingAMonthMovesNothing() {
    store.prepay(ACCOUNT, true);
    watch.look(ACCOUNT);
    assertThat(stopped()).as("nothing in it").singleElement().asString().startsWith("wallet_empty");
    grant("first", "3.00");
    lookAt("2026-11-02T00:00:00Z");
    assertThat(stopped()).isEmpty();
    clock.moveTo("2026-12-02T00:00:00Z");
    Wallet open = wallets.read(ACCOUNT, true, clock.instant());
    assertThat(open.running()).as("2.88 of November, 0.096 of December").isEqualTo("2.98");
    assertThat(open.balance()).isEqualTo("0.02");
    close();
    Wallet closed = wallets.read(ACCOUNT, true, clock.instant());
    assertThat(closed.balance()).isEqualTo(open.balance());
    assertThat(closed.paidAhead()).isEqualTo("0.12");
    assertThat(closed.movements())
        .extracting(each -> each.creditId() + " " + each.amount())
        .containsExactlyInAnyOrder("first 3.00", "first -2.88");
    lookAt("2026-12-02T12:00:00Z");
    assertThat(stopped())
        .singleElement()
        .asString()
        .contains("USD -0.02 is left")
        .contains("topped it up");
    grant("second", "1.00");
    watch.look(ACCOUNT);
    assertThat(stopped()).isEmpty();
  }

  private static void grant(String id, String amount) {
    assertThat(billing.terms.grant(id, ACCOUNT, new BigDecimal(amount), "USD", null, "")).isTrue();
  }

  private static void close() {
    InvoiceStore invoices =
        new InvoiceStore(
            billing.jdbc, billing.repeatable, billing.statements, billing.terms, clock);
    MonthClose close =
        new MonthClose(
            billing.jdbc,
            billing.snapshot,
            billing.audit,
            billing.statements,
            invoices,
            clock,
            Duration.ofHours(6));
    assertThat(close.close(Period.of(YearMonth.of(2026, 11))).issued()).isEqualTo(1);
  }

  /// Two services that look at once: the earlier look never comes after the later.
  @Test
  void anOlderLookIsNotWrittenOverANewerOne() {
    store.choose(ACCOUNT, new BigDecimal("1.00"), false);
    lookAt("2026-11-25T00:00:00Z");
    assertThat(stopped()).hasSize(1);
    store.found(
        ACCOUNT,
        new SpendingStore.Found(Instant.parse("2026-11-01T00:00:00Z"), BigDecimal.ZERO, null),
        "USD",
        chosen -> {
          throw new AssertionError("decided on an older look");
        });
    assertThat(stopped()).hasSize(1);
  }

  @Test
  void anAccountHasAsManyBudgetsAsItMayAndNoMore() {
    for (int i = 0; i < BudgetStore.BUDGETS_MAX; i++) {
      assertThat(budgets.put(ACCOUNT, plain("b" + i))).isTrue();
    }
    assertThat(budgets.put(ACCOUNT, plain("one-more"))).isFalse();
    assertThat(budgets.put(ACCOUNT, plain("b0"))).as("one that is there").isTrue();
    assertThat(budgets.delete(ACCOUNT, "b0")).isTrue();
    assertThat(budgets.delete(ACCOUNT, "b0")).isFalse();
    assertThat(budgets.put("000000000002", plain("other"))).isTrue();
  }

  private static Budget plain(String id) {
    return new Budget(id, BigDecimal.ONE, null, List.of(100), List.of());
  }

  @Test
  void aBudgetThatCanNotBeNamesItsFault() {
    assertThatThrownBy(() -> new Budget("a b", BigDecimal.ONE, null, List.of(1), List.of()))
        .hasMessageStartingWith("budgetId must match");
    assertThatThrownBy(() -> new Budget("a", BigDecimal.ZERO, null, List.of(1), List.of()))
        .hasMessage("amount must be above 0 and up to 1000000000");
    assertThatThrownBy(() -> new Budget("a", BigDecimal.ONE, null, List.of(0), List.of()))
        .hasMessage("actual must be 1 to 1000, not 0");
    assertThatThrownBy(() -> new Budget("a", BigDecimal.ONE, null, List.of(), List.of()))
        .hasMessage("actual or forecast must have a threshold");
    assertThatThrownBy(() -> new Budget.Tag("", "x")).hasMessageStartingWith("tag.key must have");
  }
}
