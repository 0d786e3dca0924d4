package brume.compute.ec2.instance;

import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.filter.Pages;
import brume.compute.ec2.filter.Wildcard;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.NotHere;
import brume.compute.ec2.wire.Required;
import brume.compute.instance.ConsoleQueries;
import brume.compute.instance.Instance;
import brume.compute.instance.InstanceSearch;
import brume.compute.launch.InstanceOption;
import brume.compute.launch.InstanceOptions;
import brume.compute.resource.ResourceKind;
import brume.contract.InstanceState;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// DescribeInstances, DescribeInstanceStatus, GetConsoleOutput.
@Component
class DescribeActions implements Ec2Actions {
  private static final int CONSOLE_BYTES_MAX = 64 * 1024;

  private final InstanceSearch search;
  private final InstanceViews views;
  private final InstanceOptions options;
  private final ConsoleQueries consoles;
  private final Clock clock;

  DescribeActions(
      InstanceSearch search,
      InstanceViews views,
      InstanceOptions options,
      ConsoleQueries consoles,
      Clock clock) {
    this.search = search;
    this.views = views;
    this.options = options;
    this.consoles = consoles;
    this.clock = clock;
  }

  record DescribeInstances(
      List<String> instanceId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken,
      @Nullable Boolean includeManagedResources) {}

  record DescribeInstancesAnswer(
      List<InstanceShape.ReservationShape> reservationSet, @Nullable String nextToken) {}

  public DescribeInstancesAnswer describeInstances(Ec2Call call, DescribeInstances request) {
    Pages.Page<Instance> page =
        page(
            call,
            request.instanceId(),
            InstanceFilters.conditions(call, request.filter()),
            request.maxResults(),
            request.nextToken());
    return new DescribeInstancesAnswer(views.reservations(call, page.items()), page.nextToken());
  }

  private Pages.Page<Instance> page(
      Ec2Call call,
      List<String> ids,
      List<InstanceSearch.Condition> conditions,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {
    if (!ids.isEmpty() && maxResults != null) {
      throw Ec2Fault.combination(
          "The parameter instancesSet cannot be used with the parameter maxResults");
    }
    Pages pages = Pages.of(call.action(), maxResults, nextToken);
    requireAll(call, ids);
    List<Instance> found =
        search.find(
            call.scope(), ids.isEmpty() ? null : ids, conditions, pages.after(), pages.limit() + 1);
    return pages.cut(found, Instance::id);
  }

  private void requireAll(Ec2Call call, List<String> ids) {
    if (ids.isEmpty()) {
      return;
    }
    ids.forEach(ResourceKind.INSTANCE::checked);
    ResourceKind.INSTANCE.requireAll(
        ids,
        search.find(call.scope(), ids, List.of(), null, ids.size() + 1).stream()
            .map(Instance::id)
            .collect(Collectors.toUnmodifiableSet()));
  }

  @NotHere("IncludeManagedResources")
  record DescribeInstanceStatus(
      List<String> instanceId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken,
      @Nullable Boolean includeAllInstances) {}

  record CheckShape(String name, String status) {}

  record SummaryShape(String status, List<CheckShape> details) {
    static SummaryShape of(InstanceState state) {
      return state == InstanceState.RUNNING
          ? new SummaryShape("ok", List.of(new CheckShape("reachability", "passed")))
          : new SummaryShape("not-applicable", List.of());
    }
  }

  record StatusShape(
      String instanceId,
      String availabilityZone,
      LaunchActions.StateShape instanceState,
      SummaryShape systemStatus,
      SummaryShape instanceStatus) {}

  record DescribeInstanceStatusAnswer(
      List<StatusShape> instanceStatusSet, @Nullable String nextToken) {}

  /// A check that the guest can be reached is not made: what runs is taken to be well.
  public DescribeInstanceStatusAnswer describeInstanceStatus(
      Ec2Call call, DescribeInstanceStatus request) {
    List<InstanceSearch.Condition> conditions =
        new ArrayList<>(
            InstanceFilters.conditions(
                call, request.filter().stream().filter(filter -> !isStatus(filter)).toList()));
    boolean all = Boolean.TRUE.equals(request.includeAllInstances());
    List<Filter> about = request.filter().stream().filter(DescribeActions::isStatus).toList();
    Filters.check(about);
    boolean onlyRunning = !all || !about.isEmpty();
    if (onlyRunning) {
      conditions.add(
          new InstanceSearch.Condition(
              "(" + InstanceSearch.STATE + ") {match}", List.of("running")));
    }
    if (!about.stream().allMatch(DescribeActions::asksForWell)) {
      conditions.add(new InstanceSearch.Condition("NULL::text {match}", List.of("-")));
    }
    Pages.Page<Instance> page =
        page(call, request.instanceId(), conditions, request.maxResults(), request.nextToken());
    Map<String, InstanceOption> known =
        options.of(page.items().stream().map(Instance::id).toList());
    return new DescribeInstanceStatusAnswer(
        page.items().stream().map(instance -> status(call, instance, known)).toList(),
        page.nextToken());
  }

  /// What runs is well, and of what does not run nothing is known.
  private static boolean isStatus(Filter filter) {
    return STATUS_FILTERS.containsKey(String.valueOf(filter.name()));
  }

  private static boolean asksForWell(Filter filter) {
    String well = STATUS_FILTERS.get(String.valueOf(filter.name()));
    return well != null
        && filter.values().stream().anyMatch(value -> Wildcard.of(value).matches(well));
  }

  private static final Map<String, String> STATUS_FILTERS =
      Map.of(
          "instance-status.status", "ok",
          "system-status.status", "ok",
          "instance-status.reachability", "passed",
          "system-status.reachability", "passed");

  private static StatusShape status(
      Ec2Call call, Instance instance, Map<String, InstanceOption> known) {
    InstanceOption option =
        known.getOrDefault(
            instance.id(),
            InstanceOption.usual(instance.id(), call.accountId(), call.regionName()));
    return new StatusShape(
        instance.id(),
        InstanceViews.zone(call, instance, option),
        LaunchActions.StateShape.of(instance.state()),
        SummaryShape.of(instance.state()),
        SummaryShape.of(instance.state()));
  }

  record GetConsoleOutput(@Required String instanceId, @Nullable Boolean latest) {}

  record GetConsoleOutputAnswer(String instanceId, Instant timestamp, String output) {}

  /// The last 64 KiB.
  public GetConsoleOutputAnswer getConsoleOutput(Ec2Call call, GetConsoleOutput request) {
    requireAll(call, List.of(request.instanceId()));
    byte[] text = consoles.read(call.caller(), request.instanceId(), 0).text();
    byte[] end =
        Arrays.copyOfRange(text, Math.max(0, text.length - CONSOLE_BYTES_MAX), text.length);
    return new GetConsoleOutputAnswer(
        request.instanceId(), clock.instant(), Base64.getEncoder().encodeToString(end));
  }
}
