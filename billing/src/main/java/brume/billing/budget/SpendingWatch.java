package brume.billing.budget;

import brume.billing.budget.SpendingStore.Decided;
import brume.billing.budget.SpendingStore.Found;
import brume.billing.budget.SpendingStore.Occasion;
import brume.billing.invoice.CostQueries;
import brume.billing.invoice.CostSummary;
import brume.billing.invoice.PriceMissing;
import brume.billing.rating.Period;
import brume.billing.rating.Rounding;
import brume.billing.terms.TermsStore;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at what accounts have spent: tells what they want to be told, and says who may launch
/// nothing. What it says is a row that compute-api reads at each launch; so it may be as old as one
/// period, and by what the meter lags behind.
public final class SpendingWatch {
  private static final Logger LOG = LoggerFactory.getLogger(SpendingWatch.class);
  private static final int ROUND_MAX = 500;
  private static final BigDecimal PERCENT = BigDecimal.valueOf(100);

  private final SpendingStore store;
  private final BudgetStore budgets;
  private final CostQueries costs;
  private final TermsStore terms;
  private final WalletQueries wallets;
  private final Clock clock;
  private final Duration period;

  /// @param period how old what is said of an account may be
  public SpendingWatch(
      SpendingStore store,
      BudgetStore budgets,
      CostQueries costs,
      TermsStore terms,
      WalletQueries wallets,
      Clock clock,
      Duration period) {
    this.store = store;
    this.budgets = budgets;
    this.costs = costs;
    this.terms = terms;
    this.wallets = wallets;
    this.clock = clock;
    this.period = period;
  }

  /// What is spent, and what will be by the month's end if all goes on.
  public record Measured(BigDecimal actual, BigDecimal forecast) {
    private static final Measured NOTHING = new Measured(BigDecimal.ZERO, BigDecimal.ZERO);

    private Measured less(BigDecimal share) {
      return new Measured(
          Rounding.exact(actual.multiply(share)), Rounding.exact(forecast.multiply(share)));
    }
  }

  /// Looks at whoever was not looked at for a period.
  public void round() {
    store.unseenSince(clock.instant().minus(period), ROUND_MAX).forEach(this::look);
  }

  /// What is spent of each budget.
  ///
  /// @throws PriceMissing when something has no price
  public SequencedMap<Budget, Measured> measured(String accountId) {
    return measure(accountId, clock.instant()).budgets();
  }

  /// Looks at one now. What has no price yet is left to a later look: what was asked for is done.
  public void look(String accountId) {
    try {
      lookAt(accountId);
    } catch (PriceMissing e) {
      LOG.warn("the spending of {} is not known: {}", accountId, e.getMessage());
    }
  }

  private void lookAt(String accountId) {
    Instant now = clock.instant();
    Measurement measurement = measure(accountId, now);
    BigDecimal balance = store.of(accountId).prepaid() ? wallets.balance(accountId, now) : null;
    Found found = new Found(now, measurement.whole().actual(), balance);
    store.found(
        accountId, found, measurement.currency(), chosen -> decide(chosen, found, measurement));
  }

  private record Measurement(
      Period month, String currency, Measured whole, SequencedMap<Budget, Measured> budgets) {}

  private Measurement measure(String accountId, Instant now) {
    BigDecimal paid = BigDecimal.valueOf(10_000L - terms.of(accountId).discountBasisPoints(), 4);
    CostSummary all = costs.summary(accountId, new CostQueries.Service(), "service", null, now);
    Measured whole =
        new Measured(new BigDecimal(all.exactTotal()), new BigDecimal(all.forecast())).less(paid);
    Map<String, CostSummary> byTag = new HashMap<>();
    SequencedMap<Budget, Measured> measured = new LinkedHashMap<>();
    for (Budget budget : budgets.of(accountId)) {
      Budget.Tag tag = budget.tag();
      if (tag == null) {
        measured.put(budget, whole);
      } else {
        CostSummary summary =
            byTag.computeIfAbsent(
                tag.key(),
                key -> costs.summary(accountId, new CostQueries.Tag(key), "tag:" + key, null, now));
        measured.put(budget, tagged(summary, tag.value()).less(paid));
      }
    }
    return new Measurement(all.period(), all.currency(), whole, measured);
  }

  private static Measured tagged(CostSummary summary, String value) {
    long seconds = Duration.between(summary.asOf(), summary.period().end()).toSeconds();
    return summary.groups().stream()
        .filter(group -> value.equals(group.key()))
        .map(group -> {
          BigDecimal actual = new BigDecimal(group.exactAmount());
          BigDecimal rest = Rounding.ofHour(new BigDecimal(group.perHour()), seconds);
          return new Measured(actual, actual.add(rest));
        })
        .findFirst()
        .orElse(Measured.NOTHING);
  }

  private static Decided decide(Spending chosen, Found found, Measurement measurement) {
    Period month = measurement.month();
    String currency = measurement.currency();
    List<Occasion> occasions = new ArrayList<>();
    measurement
        .budgets()
        .forEach((budget, each) -> occasions.addAll(reached(budget, each, month, currency)));
    Spending.Stop stop = stop(chosen, found, month, currency);
    Spending.Stop before = chosen.stop();
    if (stop != null && (before == null || !before.code().equals(stop.code()))) {
      boolean limit = stop.code().equals("spending_limit_reached");
      occasions.add(
          new Occasion(
              stop.code() + "/" + found.at(),
              limit ? "limit" : "wallet",
              null,
              null,
              Objects.requireNonNull(limit ? chosen.limit() : found.balance()),
              found.spent(),
              stop.detail()));
    }
    return new Decided(stop, occasions);
  }

  private static List<Occasion> reached(
      Budget budget, Measured measured, Period month, String currency) {
    List<Occasion> occasions = new ArrayList<>();
    for (int percent : budget.actual()) {
      if (isReached(measured.actual(), budget, percent)) {
        occasions.add(occasion(budget, "actual", percent, measured.actual(), month, currency));
      }
    }
    for (int percent : budget.forecast()) {
      if (isReached(measured.forecast(), budget, percent)) {
        occasions.add(occasion(budget, "forecast", percent, measured.forecast(), month, currency));
      }
    }
    return occasions;
  }

  private static boolean isReached(BigDecimal amount, Budget budget, int percent) {
    return amount.multiply(PERCENT).compareTo(budget.amount().multiply(BigDecimal.valueOf(percent)))
        >= 0;
  }

  private static Occasion occasion(
      Budget budget, String kind, int percent, BigDecimal reached, Period month, String currency) {
    boolean actual = kind.equals("actual");
    return new Occasion(
        "budget/" + budget.id() + "/" + month.start() + "/" + kind + "/" + percent,
        kind,
        budget.id(),
        percent,
        budget.amount(),
        Rounding.exact(reached),
        "budget "
            + budget.id()
            + ": "
            + currency
            + " "
            + shown(reached)
            + (actual ? " is spent" : " would be spent by the end of the month")
            + ", "
            + percent
            + " % of "
            + budget.amount().toPlainString()
            + " or more");
  }

  private static Spending.@Nullable Stop stop(
      Spending chosen, Found found, Period month, String currency) {
    BigDecimal limit = chosen.limit();
    if (limit != null && found.spent().compareTo(limit) >= 0) {
      return new Spending.Stop(
          "spending_limit_reached",
          "the account has spent "
              + currency
              + " "
              + shown(found.spent())
              + " of its limit of "
              + limit.toPlainString()
              + " this month, as of "
              + found.at()
              + ": nothing can be launched or started before "
              + month.end()
              + " unless its owner raises the limit");
    }
    BigDecimal balance = found.balance();
    if (chosen.prepaid() && balance != null && balance.signum() <= 0) {
      return new Spending.Stop(
          "wallet_empty",
          "the account pays ahead and "
              + currency
              + " "
              + balance.toPlainString()
              + " is left, as of "
              + found.at()
              + ": nothing can be launched or started until the cloud's operator has topped it up");
    }
    return null;
  }

  private static String shown(BigDecimal amount) {
    return Rounding.exact(amount).toPlainString();
  }
}
