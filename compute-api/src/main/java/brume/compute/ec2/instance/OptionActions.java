package brume.compute.ec2.instance;

import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Pages;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Once;
import brume.compute.ec2.wire.Required;
import brume.compute.ec2.wire.Text;
import brume.compute.instance.Instance;
import brume.compute.instance.InstanceSearch;
import brume.compute.launch.InstanceActs;
import brume.compute.launch.InstanceOption;
import brume.compute.launch.InstanceOptions;
import brume.compute.launch.MetadataOptions;
import brume.compute.resource.ResourceKind;
import brume.contract.Intent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// MonitorInstances, UnmonitorInstances, ModifyInstanceMetadataOptions,
/// DescribeInstanceCreditSpecifications, ModifyInstanceCreditSpecification.
@Component
class OptionActions implements Ec2Actions {
  private final InstanceActs acts;
  private final InstanceSearch search;
  private final InstanceOptions options;

  OptionActions(InstanceActs acts, InstanceSearch search, InstanceOptions options) {
    this.acts = acts;
    this.search = search;
    this.options = options;
  }

  record Ids(@Required List<String> instanceId) {}

  record MonitoredShape(String instanceId, InstanceShape.MonitoringStateShape monitoring) {}

  record MonitoringAnswer(List<MonitoredShape> instancesSet) {}

  public MonitoringAnswer monitorInstances(Ec2Call call, Ids request) {
    return monitor(call, request, true);
  }

  public MonitoringAnswer unmonitorInstances(Ec2Call call, Ids request) {
    return monitor(call, request, false);
  }

  private MonitoringAnswer monitor(Ec2Call call, Ids request, boolean on) {
    acts.requireAll(call.scope(), request.instanceId());
    List<MonitoredShape> answers = new ArrayList<>();
    for (String id : request.instanceId().stream().distinct().sorted().toList()) {
      acts.change(call.scope(), id, option -> option.withMonitoring(on));
      answers.add(
          new MonitoredShape(
              id, new InstanceShape.MonitoringStateShape(on ? "pending" : "disabling")));
    }
    return new MonitoringAnswer(answers);
  }

  record ModifyInstanceMetadataOptions(
      @Required String instanceId,
      @Nullable String httpTokens,
      @Nullable Integer httpPutResponseHopLimit,
      @Nullable String httpEndpoint,
      @Nullable String httpProtocolIpv6,
      @Nullable String instanceMetadataTags) {}

  record MetadataAnswer(
      String instanceId, InstanceShape.MetadataStateShape instanceMetadataOptions) {}

  public MetadataAnswer modifyInstanceMetadataOptions(
      Ec2Call call, ModifyInstanceMetadataOptions request) {
    LaunchSettings.MetadataShape asked =
        new LaunchSettings.MetadataShape(
            request.httpTokens(),
            request.httpPutResponseHopLimit(),
            request.httpEndpoint(),
            request.httpProtocolIpv6(),
            request.instanceMetadataTags());
    InstanceOption before =
        acts.change(
            call.scope(),
            request.instanceId(),
            option -> option.withMetadata(Orders.metadata(asked, option.metadata())));
    MetadataOptions after = Orders.metadata(asked, before.metadata());
    return new MetadataAnswer(
        request.instanceId(), InstanceShape.MetadataStateShape.of(after).pending());
  }

  record DescribeInstanceCreditSpecifications(
      List<String> instanceId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record CreditShape(String instanceId, String cpuCredits) {}

  record CreditsAnswer(
      List<CreditShape> instanceCreditSpecificationSet, @Nullable String nextToken) {}

  public CreditsAnswer describeInstanceCreditSpecifications(
      Ec2Call call, DescribeInstanceCreditSpecifications request) {
    Pages pages = Pages.of(call.action(), request.maxResults(), request.nextToken());
    if (!request.instanceId().isEmpty() && request.maxResults() != null) {
      throw Ec2Fault.combination(
          "The parameter instancesSet cannot be used with the parameter maxResults");
    }
    request.instanceId().forEach(ResourceKind.INSTANCE::checked);
    List<Instance> found =
        search.find(
            call.scope(),
            request.instanceId().isEmpty() ? null : request.instanceId(),
            InstanceFilters.conditions(call, request.filter()),
            pages.after(),
            pages.limit() + 1);
    ResourceKind.INSTANCE.requireAll(
        request.instanceId(), found.stream().map(Instance::id).toList());
    Pages.Page<Instance> page = pages.cut(found, Instance::id);
    Map<String, InstanceOption> known =
        options.of(page.items().stream().map(Instance::id).toList());
    return new CreditsAnswer(
        page.items().stream()
            .map(instance -> {
              InstanceOption option = known.get(instance.id());
              return new CreditShape(
                  instance.id(), option == null ? "standard" : option.cpuCredits());
            })
            .toList(),
        page.nextToken());
  }

  record CreditWanted(@Nullable String instanceId, @Nullable String cpuCredits) {}

  record ModifyInstanceCreditSpecification(
      List<CreditWanted> instanceCreditSpecification, @Once @Nullable String clientToken) {}

  record ChangedShape(String instanceId) {}

  record FailureShape(String code, String message) {}

  record UnchangedShape(String instanceId, FailureShape error) {}

  record ModifyCreditsAnswer(
      List<ChangedShape> successfulInstanceCreditSpecificationSet,
      List<UnchangedShape> unsuccessfulInstanceCreditSpecificationSet) {}

  /// Why the credits of an instance can't be changed; null where they can.
  private static @Nullable FailureShape failure(String id, Map<String, Instance> known) {
    if (!ResourceKind.INSTANCE.isId(id)) {
      return new FailureShape(
          "InvalidInstanceID.Malformed", "Invalid id: \"" + Text.shown(id) + "\"");
    }
    Instance instance = known.get(id);
    if (instance == null) {
      return new FailureShape(
          "InvalidInstanceID.NotFound", "The instance ID '" + id + "' does not exist");
    }
    return instance.intent() == Intent.TERMINATE
        ? new FailureShape(
            "IncorrectInstanceState", "The instance '" + id + "' is terminated or about to be.")
        : null;
  }

  public ModifyCreditsAnswer modifyInstanceCreditSpecification(
      Ec2Call call, ModifyInstanceCreditSpecification request) {
    List<ChangedShape> changed = new ArrayList<>();
    List<UnchangedShape> unchanged = new ArrayList<>();
    List<String> ids =
        request.instanceCreditSpecification().stream()
            .map(wanted -> String.valueOf(wanted.instanceId()))
            .filter(ResourceKind.INSTANCE::isId)
            .distinct()
            .toList();
    Map<String, Instance> known =
        search.find(call.scope(), ids, List.of(), null, ids.size() + 1).stream()
            .collect(Collectors.toMap(Instance::id, Function.identity()));
    for (CreditWanted wanted : request.instanceCreditSpecification()) {
      String credits = Orders.credits(new LaunchSettings.CreditShape(wanted.cpuCredits()));
      String id = String.valueOf(wanted.instanceId());
      FailureShape failure = failure(id, known);
      if (failure == null) {
        acts.change(call.scope(), id, option -> option.withCpuCredits(credits));
        changed.add(new ChangedShape(id));
      } else {
        unchanged.add(new UnchangedShape(id, failure));
      }
    }
    return new ModifyCreditsAnswer(changed, unchanged);
  }
}
