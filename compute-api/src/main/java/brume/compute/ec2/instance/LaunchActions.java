package brume.compute.ec2.instance;

import brume.compute.access.Caller;
import brume.compute.ec2.Done;
import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.SharedAction;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Required;
import brume.compute.ec2.wire.Spread;
import brume.compute.launch.InstanceActs;
import brume.compute.resource.ResourceKind;
import brume.contract.InstanceState;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// RunInstances, StartInstances, StopInstances, RebootInstances, TerminateInstances.
@Component
class LaunchActions implements Ec2Actions {
  private final SharedLaunches launches;
  private final InstanceActs acts;

  LaunchActions(SharedLaunches launches, InstanceActs acts) {
    this.launches = launches;
    this.acts = acts;
  }

  record RunInstances(
      @Spread LaunchSettings settings,
      @Nullable Integer minCount,
      @Nullable Integer maxCount,
      @Nullable String subnetId,
      @Nullable String privateIpAddress,
      @Nullable String clientToken,
      @Nullable String ramdiskId,
      @Nullable Integer ipv6AddressCount,
      @Nullable String additionalInfo,
      @Nullable TemplateReference launchTemplate) {}

  /// Which version of which template.
  record TemplateReference(
      @Nullable String launchTemplateId,
      @Nullable String launchTemplateName,
      @Nullable String version) {}

  /// Alone, as for a dry run: others share a transaction.
  public InstanceShape.ReservationShape runInstances(Ec2Call call, RunInstances request) {
    SharedAction.Outcome outcome =
        launches.doAll(List.of(new SharedAction.Asked(call, request))).getFirst();
    RuntimeException refused = outcome.refused();
    if (refused != null) {
      throw refused;
    }
    return (InstanceShape.ReservationShape) Objects.requireNonNull(outcome.answer());
  }

  record StateShape(int code, String name) {
    static StateShape of(InstanceState state) {
      return new StateShape(InstanceShape.code(state), state.text());
    }
  }

  record ChangeShape(String instanceId, StateShape currentState, StateShape previousState) {}

  record Changes(List<ChangeShape> instancesSet) {}

  public Changes startInstances(Ec2Call call, StartInstances request) {
    return changed(call, InstanceActs.Act.START, request.instanceId());
  }

  record StartInstances(@Required List<String> instanceId, @Nullable String additionalInfo) {}

  record StopInstances(
      @Required List<String> instanceId,
      @Nullable Boolean force,
      @Nullable Boolean hibernate,
      @Nullable Boolean skipOsShutdown) {}

  public Changes stopInstances(Ec2Call call, StopInstances request) {
    if (Boolean.TRUE.equals(request.hibernate())) {
      throw Ec2Fault.unsupported("Hibernation is not there yet.");
    }
    return changed(call, InstanceActs.Act.STOP, request.instanceId());
  }

  record RebootInstances(@Required List<String> instanceId) {}

  public Done rebootInstances(Ec2Call call, RebootInstances request) {
    changed(call, InstanceActs.Act.REBOOT, request.instanceId());
    return Done.TRUE;
  }

  record TerminateInstances(
      @Required List<String> instanceId,
      @Nullable Boolean force,
      @Nullable Boolean skipOsShutdown) {}

  public Changes terminateInstances(Ec2Call call, TerminateInstances request) {
    return changed(call, InstanceActs.Act.TERMINATE, request.instanceId());
  }

  private Changes changed(Ec2Call call, InstanceActs.Act act, List<String> ids) {
    ids.forEach(ResourceKind.INSTANCE::checked);
    Caller caller = call.caller();
    return new Changes(
        acts.act(caller, call.scope(), act, ids).stream()
            .map(change ->
                new ChangeShape(
                    change.instanceId(),
                    StateShape.of(change.after()),
                    StateShape.of(change.before())))
            .toList());
  }
}
