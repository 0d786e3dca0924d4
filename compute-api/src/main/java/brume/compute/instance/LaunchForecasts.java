package brume.compute.instance;

import brume.compute.access.Action;
import brume.compute.access.Authorization;
import brume.compute.access.Caller;
import brume.compute.access.Target;
import brume.compute.account.AccountQueries;
import brume.compute.account.AccountViews.AccountView;
import brume.compute.billing.ListPrices;
import brume.compute.billing.SpendingStops;
import brume.compute.image.ImageQueries;
import brume.compute.image.InstanceType;
import brume.compute.image.InstanceTypes;
import brume.compute.instance.InstanceView.NodeReference;
import brume.compute.node.NodeQueries;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import brume.contract.Resources;
import brume.contract.plan.PlanAnswer;
import brume.contract.plan.PlanQuestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/// A launch's dry run. What is wrong with the request itself is refused as the launch would be;
/// what stands against it in the account is told beside where it would go and what it would cost.
@Component
class LaunchForecasts {
  private static final Action RUN = Action.of("RunInstances");

  private final InstanceTypes types;
  private final ImageQueries images;
  private final AccountQueries accounts;
  private final NodeQueries nodes;
  private final SchedulerPlan scheduler;
  private final ListPrices prices;
  private final SpendingStops spending;

  LaunchForecasts(
      InstanceTypes types,
      ImageQueries images,
      AccountQueries accounts,
      NodeQueries nodes,
      SchedulerPlan scheduler,
      ListPrices prices,
      SpendingStops spending) {
    this.types = types;
    this.images = images;
    this.accounts = accounts;
    this.nodes = nodes;
    this.scheduler = scheduler;
    this.prices = prices;
    this.spending = spending;
  }

  LaunchForecast of(Caller caller, RunInstances wanted) {
    InstanceType type = types.require("type", wanted.type());
    images.require(caller, "image", wanted.image()).requireFit(type);
    List<LaunchForecast.Verdict> refusals = new ArrayList<>();
    judge(
        refusals,
        () ->
            Authorization.require(caller.principal(), RUN, new Target(type.name(), wanted.tags())));
    AccountView account = accounts.account(caller);
    judge(
        refusals,
        () -> LaunchStore.checkQuota(account.quotas(), account.used(), type, wanted.count()));
    judge(refusals, () -> spending.require(caller.accountId()));
    PlanAnswer plan =
        scheduler.plan(
            new PlanQuestion(
                wanted.count(), new Resources(type.vcpu(), type.memoryMib()), wanted.zone()));
    return new LaunchForecast(
        refusals.isEmpty(),
        refusals,
        places(caller, plan),
        wanted.count() - plan.places().size(),
        plan.reason(),
        prices.perHour(type.name(), wanted.count()));
  }

  private static void judge(List<LaunchForecast.Verdict> refusals, Runnable check) {
    try {
      check.run();
    } catch (Refused refused) {
      Refusal refusal = refused.refusal();
      refusals.add(new LaunchForecast.Verdict(refusal.code(), refusal.field(), refusal.detail()));
    }
  }

  private List<LaunchForecast.Place> places(Caller caller, PlanAnswer plan) {
    Map<String, String> names =
        caller.principal().cloudOperator()
            ? nodes.names(plan.places().stream().map(PlanAnswer.Place::nodeId).distinct().toList())
            : Map.of();
    return plan.places().stream()
        .map(place -> {
          String name = names.get(place.nodeId());
          return new LaunchForecast.Place(
              place.zone(), name == null ? null : new NodeReference(place.nodeId(), name));
        })
        .toList();
  }
}
