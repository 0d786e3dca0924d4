package brume.compute.billing;

import brume.compute.access.Action;
import brume.compute.access.Caller;
import brume.compute.audit.AuditTrail;
import java.util.List;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/// Keeps in the audit trail what billing has done for a caller.
@Service
class BillingCommands {
  private final AuditTrail audit;

  BillingCommands(AuditTrail audit) {
    this.audit = audit;
  }

  @Transactional
  public void done(Caller caller, Action action, List<String> resources) {
    audit.done(caller, action, resources);
  }
}
