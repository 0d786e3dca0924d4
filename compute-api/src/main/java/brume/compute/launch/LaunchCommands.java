package brume.compute.launch;

import brume.compute.access.Caller;
import brume.compute.image.ImageQueries;
import brume.compute.instance.InstanceCommands;
import brume.compute.instance.InstancePlacing;
import brume.compute.instance.InstanceView;
import brume.compute.instance.Reservation;
import brume.compute.refusal.Refused;
import brume.compute.region.Region;
import brume.compute.resource.Scope;
import brume.compute.volume.BlockDevice;
import brume.compute.volume.VolumeCommands;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Launches with a subnet, interfaces and volumes: what every launch does, and in the same
/// transaction what hangs on the new instances. Several at once take as many statements as one.
@Component
public class LaunchCommands {
  private final InstanceCommands instances;
  private final InstancePlacing placing;
  private final InstanceOptions options;
  private final LaunchPlans plans;
  private final LaunchCards cards;
  private final VolumeCommands volumes;
  private final Clock clock;

  LaunchCommands(
      InstanceCommands instances,
      InstancePlacing placing,
      InstanceOptions options,
      LaunchPlans plans,
      LaunchCards cards,
      VolumeCommands volumes,
      Clock clock) {
    this.instances = instances;
    this.placing = placing;
    this.options = options;
    this.plans = plans;
    this.cards = cards;
    this.volumes = volumes;
    this.clock = clock;
  }

  /// A launch that somebody asks for.
  ///
  /// @param caller without an idempotency key: who calls this keeps the whole launch under one
  public record Asked(Caller caller, Region region, LaunchOrder order) {
    public Scope scope() {
      return new Scope(caller.accountId(), region.name());
    }
  }

  /// What a launch made.
  public record Launched(String reservationId, List<String> instanceIds) {}

  /// What became of it: one of the two.
  public record Outcome(@Nullable Launched launched, @Nullable RuntimeException refused) {}

  /// A launch whose instances are written, and what of it comes next.
  record Made(LaunchPlans.Plan plan, Launched launched) {
    List<String> ids() {
      return launched.instanceIds();
    }

    LaunchOrder order() {
      return plan.asked().order();
    }
  }

  /// Each is judged by itself, in the order they came. What is refused while it is written is
  /// thrown: then all must be taken back, and may be tried alone.
  ///
  /// @param all of one account and region
  /// @return for each what became of it
  @Transactional(propagation = Propagation.MANDATORY)
  public List<Outcome> launch(List<Asked> all) {
    Scope scope = all.getFirst().scope();
    Outcome[] outcomes = new Outcome[all.size()];
    Memo memo = new Memo();
    LaunchPlans.Room room = plans.room(scope.accountId());
    List<LaunchPlans.Plan> planned = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < outcomes.length; i++) {
      try {
        planned.add(plans.plan(all.get(i), room, memo));
        places.add(i);
      } catch (Refused refused) {
        outcomes[i] = new Outcome(null, refused);
      }
    }
    List<InstanceCommands.Outcome> written = planned.isEmpty() ? List.of() : run(planned);
    List<Made> made = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      Reservation reservation = written.get(i).launched();
      Launched launched = reservation == null ? null : launched(reservation);
      outcomes[places.get(i)] = new Outcome(launched, written.get(i).refused());
      if (launched != null) {
        made.add(new Made(planned.get(i), launched));
      }
    }
    if (!made.isEmpty()) {
      hang(scope, made, memo);
    }
    return List.of(outcomes);
  }

  private List<InstanceCommands.Outcome> run(List<LaunchPlans.Plan> planned) {
    return instances.runAll(
        planned.stream()
            .map(plan ->
                new InstanceCommands.Asked(
                    plan.asked().caller(), plan.wanted(), plan.asked().region().name()))
            .toList());
  }

  private static Launched launched(Reservation reservation) {
    return new Launched(
        reservation.reservationId(),
        reservation.instances().stream().map(InstanceView::id).toList());
  }

  private void hang(Scope scope, List<Made> made, Memo memo) {
    Instant now = clock.instant();
    List<VolumeCommands.Hung> hung = new ArrayList<>();
    List<InstanceOption> chosen = new ArrayList<>();
    for (Made one : made) {
      String name = one.plan().name();
      if (one.ids().size() > 1 && name != null) {
        placing.name(one.ids(), name);
      }
      if (one.order().terminationProtected()) {
        placing.protect(one.ids(), true);
      }
      for (String id : one.ids()) {
        chosen.add(option(one, id, scope));
        one.plan().devices().forEach(device -> hung.add(volume(one, id, device, now)));
      }
    }
    volumes.requireRoom(scope, hung.size());
    cards.hang(scope, made, memo, now);
    options.insertAll(chosen);
    volumes.createAll(scope, hung);
  }

  private static InstanceOption option(Made made, String id, Scope scope) {
    InstanceOption wanted = made.order().options();
    return new InstanceOption(
        id,
        scope.accountId(),
        scope.region(),
        made.plan().subnet().zone(),
        made.plan().subnet().vpcId(),
        made.plan().subnet().id(),
        made.order().keyName(),
        wanted.clientToken(),
        wanted.shutdownBehavior(),
        wanted.disableApiStop(),
        wanted.ebsOptimized(),
        wanted.monitoring(),
        wanted.cpuCredits(),
        wanted.metadata(),
        wanted.placementGroup(),
        wanted.tenancy(),
        wanted.launchTemplateId(),
        wanted.launchTemplateVersion(),
        wanted.typeAsked());
  }

  private static VolumeCommands.Hung volume(
      Made made, String instanceId, BlockDevice device, Instant now) {
    ImageQueries.Bootable image = made.plan().image();
    boolean root = device.deviceName().equals(image.rootDevice());
    boolean delete = !Boolean.FALSE.equals(device.deleteOnTermination());
    return new VolumeCommands.Hung(
        new VolumeCommands.Wanted(
            made.plan().subnet().zone(),
            device.sizeGib(),
            device.type(),
            device.iops(),
            device.throughput(),
            Boolean.TRUE.equals(device.encrypted()),
            device.snapshotId(),
            image.devices().stream().anyMatch(own -> isOf(own, device))),
        root ? image.source() : null,
        new VolumeCommands.Place(instanceId, device.deviceName(), delete, now),
        Map.copyOf(new TreeMap<>(made.order().volumeTags())));
  }

  private static boolean isOf(BlockDevice own, BlockDevice device) {
    return own.deviceName().equals(device.deviceName())
        && Objects.equals(own.snapshotId(), device.snapshotId());
  }
}
