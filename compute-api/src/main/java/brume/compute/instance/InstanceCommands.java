package brume.compute.instance;

import brume.compute.access.Action;
import brume.compute.access.Authorization;
import brume.compute.access.Caller;
import brume.compute.access.Target;
import brume.compute.audit.AuditTrail;
import brume.compute.billing.SpendingStops;
import brume.compute.idempotency.IdempotencyStore;
import brume.compute.refusal.Refused;
import brume.contract.InstanceState;
import brume.contract.Intent;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// What users ask of instances. Each command is one transaction that changes intent and nothing
/// else; that it comes true is the scheduler's and the nodes' work.
@Component
public class InstanceCommands {
  private final InstanceStore store;
  private final LaunchStore launches;
  private final IdempotencyStore requests;
  private final SpendingStops spending;
  private final AuditTrail audit;
  private final Clock clock;

  InstanceCommands(
      InstanceStore store,
      LaunchStore launches,
      IdempotencyStore requests,
      SpendingStops spending,
      AuditTrail audit,
      Clock clock) {
    this.store = store;
    this.launches = launches;
    this.requests = requests;
    this.spending = spending;
    this.audit = audit;
    this.clock = clock;
  }

  /// A launch that another feature asks for, with what hangs on it.
  public record Asked(Caller caller, RunInstances wanted, String region) {}

  /// What became of it: one of the two.
  public record Outcome(@Nullable Reservation launched, @Nullable Refused refused) {}

  /// T1: idempotency keys, the quota and all instances. Launches of one account with different
  /// keys: one that is refused is refused alone.
  @Transactional
  public List<Outcome> runAll(List<Asked> all) {
    return launches.run(all);
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

  static InstanceStore.ChangedBy by(Caller caller) {
    return new InstanceStore.ChangedBy(caller.principal().id(), caller.requestId());
  }
}
