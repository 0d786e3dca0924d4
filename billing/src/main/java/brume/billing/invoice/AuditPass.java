package brume.billing.invoice;

import brume.billing.meter.Meter;
import brume.billing.meter.ResourceKind;
import brume.billing.meter.Transition;
import brume.billing.meter.TransitionSource;
import brume.billing.pricing.Price;
import brume.billing.pricing.PriceIndex;
import brume.billing.pricing.PriceSchedule;
import brume.billing.rating.Amount;
import brume.billing.rating.Period;
import brume.billing.rating.Quantity;
import brume.billing.rating.Rating;
import brume.billing.rating.TransitionAudit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// One reading of the logs, for those resources whose turn it is, and what all turns found.
final class AuditPass {
  private static final int DIFFERENCES_MAX = 1_000;
  private static final Comparator<UsageAudit.Difference> ORDER =
      Comparator.comparing(UsageAudit.Difference::accountId)
          .thenComparing(UsageAudit.Difference::resourceId)
          .thenComparing(UsageAudit.Difference::meter)
          .thenComparing(UsageAudit.Difference::sku)
          .thenComparing(UsageAudit.Difference::priceBookId);

  private final PriceSchedule schedule;
  private final PriceIndex index;
  private final Period period;
  private final Instant asOf;
  private final int resourcesAtOnce;
  private final Map<String, Map<PriceKey, Long>> units = new HashMap<>();
  private final Map<String, Amount> lines = new HashMap<>();
  private final List<UsageAudit.Difference> differing = new ArrayList<>();
  private final List<Transition> waiting = new ArrayList<>(TransitionAudit.FACTS_AT_ONCE);
  private Map<Meter, TransitionAudit> audits;
  private Map<ResourceKind, TransitionAudit> byKind;
  private int parts = 1;
  private int part;
  private int resources;

  private record PriceKey(Meter meter, String sku, String priceBookId) {}

  AuditPass(PriceSchedule schedule, Period period, Instant asOf, int resourcesAtOnce) {
    this.schedule = schedule;
    this.index = new PriceIndex(schedule);
    this.period = period;
    this.asOf = asOf;
    this.resourcesAtOnce = resourcesAtOnce;
    this.audits = fresh();
    this.byKind = byKind(audits);
  }

  private Map<Meter, TransitionAudit> fresh() {
    Map<Meter, TransitionAudit> made = new LinkedHashMap<>();
    Meter.ALL.forEach(meter -> made.put(meter, new TransitionAudit(meter, schedule, period)));
    return made;
  }

  /// Each kind has one meter.
  private static Map<ResourceKind, TransitionAudit> byKind(Map<Meter, TransitionAudit> audits) {
    Map<ResourceKind, TransitionAudit> byKind = new EnumMap<>(ResourceKind.class);
    audits.forEach((meter, audit) -> byKind.put(meter.of(), audit));
    return byKind;
  }

  /// In how many turns the resources are read.
  int parts() {
    return parts;
  }

  int resources() {
    return resources;
  }

  void next(int number) {
    part = number;
    audits = fresh();
    byKind = byKind(audits);
  }

  private boolean takes(String resourceId) {
    int hash = resourceId.hashCode();
    return ((hash ^ hash >>> 16) & parts - 1) == part;
  }

  /// @return how many facts there were
  long read(TransitionSource source, long throughSeq, Consumer<Transition> also) {
    long[] count = new long[1];
    source.each(
        throughSeq,
        fact -> {
          count[0]++;
          also.accept(fact);
          if (takes(fact.resourceId())) {
            waiting.add(fact);
            if (waiting.size() == TransitionAudit.FACTS_AT_ONCE) {
              takeIn();
            }
          }
        });
    takeIn();
    return count[0];
  }

  /// Some facts at a time, so that what is known of their resources is fetched at once.
  private void takeIn() {
    byKind.forEach((kind, audit) -> {
      List<String> ids = new ArrayList<>(TransitionAudit.FACTS_AT_ONCE);
      for (Transition fact : waiting) {
        if (fact.kind() == kind) {
          ids.add(fact.resourceId());
        }
      }
      audit.lookAhead(ids);
    });
    for (Transition fact : waiting) {
      // Again: there may have come to be more parts than when it was put aside.
      if (!takes(fact.resourceId())) {
        continue;
      }
      TransitionAudit audit = Objects.requireNonNull(byKind.get(fact.kind()));
      audit.accept(fact);
      // In the first pass alone: the later ones have as many.
      while (part == 0 && audit.resources() > resourcesAtOnce) {
        parts *= 2;
        audits.values().forEach(each -> each.keep(this::takes));
      }
    }
    waiting.clear();
  }

  /// The logs are read: what the account's usage has is compared from now on.
  void end() {
    audits.forEach((meter, audit) -> {
      audit.end(asOf);
      audit.sums((resource, account, sku, book, sum) -> {
        resources++;
        units
            .computeIfAbsent(account, id -> new HashMap<>())
            .merge(new PriceKey(meter, sku, book), sum, Math::addExact);
      });
    });
  }

  /// Takes from the logs' sums what an account's usage has.
  void compare(String account, List<UsageSum> sums) {
    List<Quantity> quantities = sums.stream().map(sum -> sum.quantity(index)).toList();
    if (part == 0) {
      lines.put(account, Rating.exact(quantities));
    }
    for (Quantity each : quantities) {
      if (each.units() > 0 && takes(each.resourceId())) {
        TransitionAudit.Key key =
            new TransitionAudit.Key(account, each.resourceId(), each.sku(), each.priceBookId());
        TransitionAudit audit = Objects.requireNonNull(audits.get(each.meter()));
        differ(each.meter(), key, each.units(), audit.take(key));
      }
    }
  }

  /// What only the logs have.
  void rest() {
    audits.forEach((meter, audit) ->
        audit.sums((resource, account, sku, book, sum) ->
            differ(meter, new TransitionAudit.Key(account, resource, sku, book), 0, sum)));
  }

  private void differ(Meter meter, TransitionAudit.Key key, long fromUsage, long fromTransitions) {
    if (fromUsage != fromTransitions && differing.size() < DIFFERENCES_MAX) {
      differing.add(
          new UsageAudit.Difference(
              key.accountId(),
              key.resourceId(),
              meter.name(),
              key.sku(),
              key.priceBookId(),
              fromUsage,
              fromTransitions,
              null));
    }
  }

  List<UsageAudit.Difference> differences() {
    return differing.stream().sorted(ORDER).toList();
  }

  List<String> wronglyRated() {
    List<String> wrong = new ArrayList<>();
    Set<String> accounts = new TreeSet<>(lines.keySet());
    accounts.addAll(units.keySet());
    for (String account : accounts) {
      Amount whole = Amount.ZERO;
      for (Map.Entry<PriceKey, Long> each : units.getOrDefault(account, Map.of()).entrySet()) {
        PriceKey key = each.getKey();
        Price price = index.price(key.priceBookId(), key.meter(), key.sku());
        whole =
            whole.plus(
                Amount.of(price.rate().product(each.getValue()), price.meter().unitsPerPrice()));
      }
      if (!lines.getOrDefault(account, Amount.ZERO).equals(whole)) {
        wrong.add(account);
      }
    }
    return wrong;
  }
}
