package brume.compute.serial;

import brume.compute.access.Action;
import brume.compute.access.Authentication;
import brume.compute.access.Authorization;
import brume.compute.access.Caller;
import brume.compute.access.Target;
import brume.compute.audit.AuditTrail;
import brume.compute.instance.Fact;
import brume.compute.instance.Instance;
import brume.compute.instance.InstanceQueries;
import brume.compute.instance.NodeConsole;
import brume.compute.refusal.Refused;
import brume.contract.InstanceState;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Who may type into which instance, asked when a console is opened and again while it is open; and
/// what the audit trail hears of it.
@Component
public class SerialAccess {
  static final String OPEN = "OpenSerialConsole";
  private static final Action OPENING = Action.of(OPEN);
  private static final Action CLOSING = Action.of("CloseSerialConsole");

  private final InstanceQueries instances;
  private final Authentication authentication;
  private final AuditTrail audit;

  SerialAccess(InstanceQueries instances, Authentication authentication, AuditTrail audit) {
    this.instances = instances;
    this.authentication = authentication;
    this.audit = audit;
  }

  /// Throws a refusal unless the instance runs and the caller may type into it.
  NodeConsole.Line line(Caller caller, String id) {
    Instance instance = allowed(caller, id);
    Fact fact = instance.fact();
    if (fact == null || instance.state() != InstanceState.RUNNING) {
      throw Refused.conflict(
          "incorrect_state",
          id
              + " is "
              + instance.state().text()
              + ": a serial console can be opened while it is running; start it, or wait with"
              + " GET /v1/instances/"
              + id
              + "?wait=running");
    }
    return new NodeConsole.Line(id, fact.epoch(), fact.place());
  }

  /// Whether the instance still has the VM that a console was opened on. Throws a refusal where the
  /// caller's credential or right is gone, or the instance.
  boolean holds(Caller caller, NodeConsole.Line line) {
    Caller now = caller.as(authentication.again(caller)).withKey(null);
    Fact fact = allowed(now, line.instanceId()).fact();
    return fact != null
        && fact.epoch() == line.epoch()
        && (fact.vm() == null ? fact.allocated() : !fact.vm().state().isEnd());
  }

  private Instance allowed(Caller caller, String id) {
    Instance instance = instances.require(caller, id);
    Authorization.require(
        caller.principal(), OPENING, new Target(instance.type(), instance.tags()));
    return instance;
  }

  @Transactional
  public void opened(Caller caller, String id) {
    audit.done(caller, OPENING, List.of(id));
  }

  @Transactional
  public void closed(Caller caller, String id) {
    audit.done(caller, CLOSING, List.of(id));
  }
}
