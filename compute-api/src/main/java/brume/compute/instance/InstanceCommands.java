package brume.compute.instance;

import brume.compute.access.Action;
import brume.compute.access.Authorization;
import brume.compute.access.Caller;
import brume.compute.access.Target;
import brume.compute.account.AccountQueries;
import brume.compute.account.AccountStore;
import brume.compute.account.QuotaUse;
import brume.compute.account.Quotas;
import brume.compute.audit.AuditTrail;
import brume.compute.billing.SpendingStops;
import brume.compute.idempotency.IdempotencyStore;
import brume.compute.image.ImageQueries;
import brume.compute.image.InstanceType;
import brume.compute.image.InstanceTypes;
import brume.compute.refusal.Refused;
import brume.contract.IdGenerator;
import brume.contract.InstanceState;
import brume.contract.Intent;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// What users ask of instances. Each command is one transaction that changes intent and nothing
/// else; that it comes true is the scheduler's and the nodes' work.
@Component
public class InstanceCommands {
  private static final Action RUN = Action.of("RunInstances");

  private final InstanceStore store;
  private final IdempotencyStore requests;
  private final AccountStore accounts;
  private final AccountQueries accountQueries;
  private final ImageQueries images;
  private final InstanceTypes types;
  private final SpendingStops spending;
  private final AuditTrail audit;
  private final IdGenerator ids;
  private final Clock clock;

  InstanceCommands(
      InstanceStore store,
      IdempotencyStore requests,
      AccountStore accounts,
      AccountQueries accountQueries,
      ImageQueries images,
      InstanceTypes types,
      SpendingStops spending,
      AuditTrail audit,
      IdGenerator ids,
      Clock clock) {
    this.store = store;
    this.requests = requests;
    this.accounts = accounts;
    this.accountQueries = accountQueries;
    this.images = images;
    this.types = types;
    this.spending = spending;
    this.audit = audit;
    this.ids = ids;
    this.clock = clock;
  }

  /// T1: the idempotency key, the quota and all instances, or nothing.
  @Transactional
  public Reservation run(Caller caller, RunInstances wanted) {
    return requests.once(
        caller, "runInstances", wanted, Reservation.class, () -> launch(caller, wanted));
  }

  private Reservation launch(Caller caller, RunInstances wanted) {
    InstanceType type = types.require("type", wanted.type());
    Authorization.require(caller.principal(), RUN, new Target(type.name(), wanted.tags()));
    ImageQueries.Bootable image = images.require(caller, "image", wanted.image());
    image.requireFit(type);
    spending.require(caller.accountId());
    Quotas quotas = accounts.lock(caller.accountId());
    checkQuota(quotas, accountQueries.used(caller.accountId()), type, wanted.count());
    // Distinct and in rising order, though all may be made in one millisecond.
    TreeSet<String> newIds = new TreeSet<>();
    while (newIds.size() < wanted.count()) {
      newIds.add(ids.next("i-"));
    }
    List<InstanceStore.NewInstance> instances = new ArrayList<>();
    for (String id : newIds) {
      instances.add(new InstanceStore.NewInstance(id, wanted.nameOf(instances.size())));
    }
    String reservationId = ids.next("r-");
    List<String> made = new ArrayList<>(newIds);
    made.addFirst(reservationId);
    audit.done(caller, RUN, made);
    InstanceStore.Launch launch =
        new InstanceStore.Launch(
            caller.accountId(),
            reservationId,
            image.id(),
            image.name(),
            type.name(),
            type.vcpu(),
            type.memoryMib(),
            type.baselinePercent(),
            wanted,
            clock.instant().truncatedTo(ChronoUnit.MICROS));
    return new Reservation(
        reservationId,
        store.insert(launch, instances, by(caller)).stream()
            .map(instance -> InstanceView.of(instance, caller.principal()))
            .toList());
  }

  static void checkQuota(Quotas quotas, QuotaUse used, InstanceType type, int count) {
    Quotas.require("count", "instances", quotas.instancesMax(), used.instances(), count);
    long vcpu = (long) count * type.vcpu();
    Quotas.require("count", "vCPU", quotas.vcpuMax(), used.vcpu(), vcpu);
    long memory = (long) count * type.memoryMib();
    Quotas.require("count", "MiB of memory", quotas.memoryMibMax(), used.memoryMib(), memory);
  }

  @Transactional
  public InstanceView start(Caller caller, String id) {
    return act(
        caller,
        "startInstance",
        Action.of("StartInstances"),
        id,
        instance -> {
          switch (instance.intent()) {
            case TERMINATE -> throw incorrectState(instance, "a terminated one never starts again");
            case RUN -> {
              // A guest that has just powered off is still wanted, until the loop takes note; who
              // asks to start it means a new run.
              if (instance.endedByGuest()) {
                spending.require(caller.accountId());
                change(caller, instance, Intent.RUN);
              }
            }
            case STOP, HIBERNATE -> {
              spending.require(caller.accountId());
              change(caller, instance, Intent.RUN);
            }
          }
        });
  }

  @Transactional
  public InstanceView stop(Caller caller, String id) {
    return act(
        caller,
        "stopInstance",
        Action.of("StopInstances"),
        id,
        instance -> {
          switch (instance.intent()) {
            case TERMINATE -> throw incorrectState(instance, "it has ended for ever");
            case RUN, HIBERNATE -> change(caller, instance, Intent.STOP);
            case STOP -> {}
          }
        });
  }

  @Transactional
  public InstanceView reboot(Caller caller, String id) {
    return act(
        caller,
        "rebootInstance",
        Action.of("RebootInstances"),
        id,
        instance -> {
          if (instance.state() != InstanceState.RUNNING) {
            throw incorrectState(instance, "only a running one can be restarted");
          }
          store.countReboot(instance.id());
        });
  }

  @Transactional
  public InstanceView terminate(Caller caller, String id) {
    return act(
        caller,
        "terminateInstance",
        Action.of("TerminateInstances"),
        id,
        instance -> {
          if (instance.intent() != Intent.TERMINATE) {
            if (instance.terminationProtected()) {
              throw Refused.conflict(
                  "termination_protected",
                  id + " is protected from termination: take the protection off first");
            }
            change(caller, instance, Intent.TERMINATE);
          }
        });
  }

  private interface Change {
    void on(Instance instance);
  }

  private InstanceView act(
      Caller caller, String operation, Action action, String id, Change change) {
    return requests.once(
        caller,
        operation + " " + id,
        Map.of(),
        InstanceView.class,
        () -> {
          Instance instance =
              store.lock(caller.accountId(), id).orElseThrow(() -> InstanceQueries.unknown(id));
          Target target = new Target(instance.type(), instance.tags());
          Authorization.require(caller.principal(), action, target);
          change.on(instance);
          audit.done(caller, action, List.of(id));
          Instance after = store.find(caller.accountId(), id).orElseThrow();
          return InstanceView.of(after, caller.principal());
        });
  }

  private void change(Caller caller, Instance instance, Intent intent) {
    Instant now = clock.instant();
    boolean changed =
        store.change(
            instance.id(), instance.generation(), intent, IntentCause.USER, null, by(caller), now);
    if (!changed) {
      throw new IllegalStateException(instance.id() + " changed while its row was locked");
    }
  }

  private static Refused incorrectState(Instance instance, String why) {
    return Refused.conflict(
        "incorrect_state", instance.id() + " is " + instance.state().text() + ": " + why);
  }

  private static InstanceStore.ChangedBy by(Caller caller) {
    return new InstanceStore.ChangedBy(caller.principal().id(), caller.requestId());
  }
}
