package brume.compute.policy;

import brume.compute.access.Action;
import brume.compute.access.Caller;
import brume.compute.account.AccountStore;
import brume.compute.account.Quotas;
import brume.compute.audit.AuditTrail;
import brume.compute.idempotency.IdempotencyStore;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import brume.compute.web.Versions;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Makes, changes and deletes an account's policies, under the account's lock.
@Component
public class PolicyCommands {
  static final int POLICIES_MAX = 50;

  private final PolicyStore store;
  private final AccountStore accounts;
  private final IdempotencyStore requests;
  private final AuditTrail audit;
  private final IdGenerator ids;
  private final Clock clock;

  PolicyCommands(
      PolicyStore store,
      AccountStore accounts,
      IdempotencyStore requests,
      AuditTrail audit,
      IdGenerator ids,
      Clock clock) {
    this.store = store;
    this.accounts = accounts;
    this.requests = requests;
    this.audit = audit;
    this.ids = ids;
    this.clock = clock;
  }

  @Transactional
  public PolicyStore.Row create(Caller caller, PolicyText text) {
    return requests.once(
        caller,
        "createPolicy",
        text,
        PolicyStore.Row.class,
        () -> {
          accounts.lock(caller.accountId());
          List<PolicyStore.Row> held = store.list(caller.accountId());
          Quotas.require("name", "policies", POLICIES_MAX, held.size(), 1);
          requireFree(held, text.name(), null);
          String id = ids.next("pol-");
          store.insert(caller.accountId(), id, text, clock.instant());
          audit.done(caller, Action.of("CreatePolicy"), List.of(id));
          return store.find(caller.accountId(), id).orElseThrow();
        });
  }

  /// @param version that the caller has seen; null for whichever
  @Transactional
  public PolicyStore.Row update(Caller caller, String id, PolicyText text, @Nullable Long version) {
    PolicyStore.Row row = locked(caller, id, version);
    requireFree(store.list(caller.accountId()), text.name(), id);
    store.update(row.id(), text);
    audit.done(caller, Action.of("UpdatePolicy"), List.of(id));
    return store.find(caller.accountId(), id).orElseThrow();
  }

  @Transactional
  public void delete(Caller caller, String id, @Nullable Long version) {
    PolicyStore.Row row = locked(caller, id, version);
    store.delete(row.id());
    audit.done(caller, Action.of("DeletePolicy"), List.of(id));
  }

  private PolicyStore.Row locked(Caller caller, String id, @Nullable Long version) {
    accounts.lock(caller.accountId());
    PolicyStore.Row row = store.find(caller.accountId(), id).orElseThrow(() -> unknown(id));
    Versions.require(version, row.version());
    return row;
  }

  static Refused unknown(String id) {
    return Refused.notFound(
        "policy_not_found", "policyId", "there is no policy " + id + " in this account");
  }

  private static void requireFree(
      List<PolicyStore.Row> held, String name, @Nullable String except) {
    boolean taken =
        held.stream().anyMatch(row -> row.text().name().equals(name) && !row.id().equals(except));
    if (taken) {
      throw new Refused(
          new Refusal.Conflict("name_taken", "name", "there is a policy '" + name + "' already"));
    }
  }
}
