package brume.compute.ec2.instance;

import brume.compute.access.Caller;
import brume.compute.ec2.Done;
import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Required;
import brume.compute.ec2.wire.Spread;
import brume.compute.idempotency.IdempotencyStore;
import brume.compute.launch.InstanceActs;
import brume.compute.launch.LaunchCommands;
import brume.compute.launch.LaunchOrder;
import brume.compute.network.DefaultNetwork;
import brume.compute.region.Region;
import brume.compute.resource.ResourceKind;
import brume.contract.InstanceState;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// RunInstances, StartInstances, StopInstances, RebootInstances, TerminateInstances.
@Component
class LaunchActions implements Ec2Actions {
  private final LaunchCommands launches;
  private final InstanceActs acts;
  private final DefaultNetwork defaults;
  private final IdempotencyStore requests;
  private final InstanceViews views;
  private final Templates templates;

  LaunchActions(
      LaunchCommands launches,
      InstanceActs acts,
      DefaultNetwork defaults,
      IdempotencyStore requests,
      InstanceViews views,
      Templates templates) {
    this.launches = launches;
    this.acts = acts;
    this.defaults = defaults;
    this.requests = requests;
    this.views = views;
    this.templates = templates;
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

  public InstanceShape.ReservationShape runInstances(Ec2Call call, RunInstances request) {
    Integer addresses = request.ipv6AddressCount();
    if (request.ramdiskId() != null || (addresses != null && addresses > 0)) {
      throw Ec2Fault.unsupported(
          "There are no RAM disks and no IPv6 addresses: leave RamdiskId and Ipv6AddressCount out.");
    }
    defaults.ensure(call.scope(), call.region().zones().stream().map(Region.Zone::name).toList());
    Templates.Chosen template = templates.chosen(call, request.launchTemplate());
    LaunchSettings settings =
        template == null ? request.settings() : request.settings().or(template.settings());
    LaunchOrder order =
        Orders.of(
            call,
            settings,
            new Orders.Extra(
                request.minCount(),
                request.maxCount(),
                request.subnetId(),
                request.privateIpAddress(),
                request.clientToken(),
                template == null ? null : template.id(),
                template == null ? null : template.version()));
    LaunchCommands.Launched launched =
        requests.once(
            call.withToken(request.clientToken()),
            call.action(),
            order,
            LaunchCommands.Launched.class,
            () -> launches.launch(call.caller(), call.region(), order));
    return views.launched(call, launched.reservationId(), launched.instanceIds());
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
