package brume.compute.instance;

import brume.compute.access.Action;
import brume.compute.access.Authorization;
import brume.compute.access.Caller;
import brume.compute.access.Target;
import brume.compute.account.AccountQueries;
import brume.compute.account.AccountStore;
import brume.compute.account.Quotas;
import brume.compute.audit.AuditTrail;
import brume.compute.image.ImageQueries;
import brume.compute.image.InstanceType;
import brume.compute.image.InstanceTypes;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import brume.compute.web.Versions;
import brume.contract.InstanceState;
import java.sql.Types;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Changes an instance's name, tags, size and protection. A size changes only while it is stopped,
/// and counts against the quota like a launch.
@Component
public class InstanceEditCommands {
  private static final Action EDIT = Action.of("ModifyInstanceAttribute");

  private final JdbcClient database;
  private final InstanceStore store;
  private final InstanceTypes types;
  private final ImageQueries images;
  private final AccountStore accounts;
  private final AccountQueries accountQueries;
  private final AuditTrail audit;

  InstanceEditCommands(
      JdbcClient database,
      InstanceStore store,
      InstanceTypes types,
      ImageQueries images,
      AccountStore accounts,
      AccountQueries accountQueries,
      AuditTrail audit) {
    this.database = database;
    this.store = store;
    this.types = types;
    this.images = images;
    this.accounts = accounts;
    this.accountQueries = accountQueries;
    this.audit = audit;
  }

  /// @param version that the caller has seen; null for whichever
  @Transactional
  public Instance edit(Caller caller, String id, InstanceEdit edit, @Nullable Long version) {
    Quotas quotas = accounts.lock(caller.accountId()); // before the instance, as a launch does
    Instance found =
        store.lock(caller.accountId(), id).orElseThrow(() -> InstanceQueries.unknown(id));
    Versions.require(version, store.version(id));
    if (found.state() == InstanceState.TERMINATED || found.state() == InstanceState.SHUTTING_DOWN) {
      throw Refused.conflict("incorrect_state", id + " has ended and can't be changed");
    }
    // Both as it is and as it would be: else who may not touch a tag could first take it away.
    Authorization.require(caller.principal(), EDIT, new Target(found.type(), found.tags()));
    SortedMap<String, String> tags =
        edit.tags() == null ? new TreeMap<>(found.tags()) : edit.tags();
    String type = edit.type() == null ? found.type() : edit.type();
    Authorization.require(caller.principal(), EDIT, new Target(type, tags));
    if (!type.equals(found.type())) {
      resize(caller, found, types.require("type", type), quotas);
    }
    if (edit.tags() != null) {
      retag(id, tags);
    }
    Boolean wanted = edit.terminationProtected();
    boolean isProtected = wanted == null ? found.terminationProtected() : wanted;
    database
        .sql(
            "UPDATE compute.instance SET name = :name, termination_protected = :protected,"
                + " version = version + 1 WHERE id = :id")
        .param("name", edit.name() == null ? found.name() : edit.name(), Types.VARCHAR)
        .param("protected", isProtected)
        .param("id", id)
        .update();
    audit.done(caller, EDIT, List.of(id));
    return store.find(caller.accountId(), id).orElseThrow();
  }

  private void resize(Caller caller, Instance found, InstanceType type, Quotas quotas) {
    if (found.state() != InstanceState.STOPPED) {
      throw new Refused(
          new Refusal.Conflict(
              "incorrect_state",
              "type",
              found.id()
                  + " is "
                  + found.state().text()
                  + ": its type can be changed once it is stopped"));
    }
    images.require(caller, "image", found.imageId()).requireFit(type);
    var used = accountQueries.used(caller.accountId());
    Quotas.require("type", "vCPU", quotas.vcpuMax(), used.vcpu(), type.vcpu() - found.vcpu());
    Quotas.require(
        "type",
        "MiB of memory",
        quotas.memoryMibMax(),
        used.memoryMib(),
        type.memoryMib() - found.memoryMib());
    database
        .sql(
            "UPDATE compute.instance SET instance_type = ?, vcpu = ?, memory_mib = ?,"
                + " baseline_percent = ? WHERE id = ?")
        .params(type.name(), type.vcpu(), type.memoryMib(), type.baselinePercent(), found.id())
        .update();
  }

  private void retag(String id, SortedMap<String, String> tags) {
    database.sql("DELETE FROM compute.instance_tag WHERE instance_id = ?").param(id).update();
    if (!tags.isEmpty()) {
      database
          .sql(
              "INSERT INTO compute.instance_tag (instance_id, key, value)"
                  + " SELECT :id, t.key, t.value FROM unnest(:keys, :values) AS t(key, value)")
          .param("id", id)
          .param("keys", tags.keySet().toArray(String[]::new))
          .param("values", tags.values().toArray(String[]::new))
          .update();
    }
  }
}
