package brume.compute.launch;

import brume.compute.access.Caller;
import brume.compute.account.AccountQueries;
import brume.compute.account.AccountStore;
import brume.compute.account.QuotaUse;
import brume.compute.account.Quotas;
import brume.compute.image.InstanceType;
import brume.compute.instance.Instance;
import brume.compute.instance.InstanceCommands;
import brume.compute.instance.InstancePlacing;
import brume.compute.instance.InstanceSearch;
import brume.compute.instance.InstanceStore;
import brume.compute.refusal.Refused;
import brume.compute.resource.ResourceKind;
import brume.compute.resource.Scope;
import brume.contract.InstanceState;
import brume.contract.Intent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// What is done to several instances at once, all or none, and their options.
@Component
public class InstanceActs {
  /// An instance's state before and after.
  public record Change(String instanceId, InstanceState before, InstanceState after) {}

  /// What is done.
  public enum Act {
    START,
    STOP,
    REBOOT,
    TERMINATE
  }

  private final InstanceCommands commands;
  private final InstanceStore store;
  private final InstanceSearch search;
  private final InstanceOptions options;
  private final InstancePlacing placing;
  private final AccountStore accounts;
  private final AccountQueries accountQueries;

  InstanceActs(
      InstanceCommands commands,
      InstanceStore store,
      InstanceSearch search,
      InstanceOptions options,
      InstancePlacing placing,
      AccountStore accounts,
      AccountQueries accountQueries) {
    this.commands = commands;
    this.store = store;
    this.search = search;
    this.options = options;
    this.placing = placing;
    this.accounts = accounts;
    this.accountQueries = accountQueries;
  }

  /// In the order that was asked for; locked in the order of ids, so that two requests for the same
  /// ones wait for each other and never forever.
  @Transactional
  public List<Change> act(Caller caller, Scope scope, Act act, List<String> ids) {
    requireAll(scope, ids);
    Map<String, Change> changes = new TreeMap<>();
    Map<String, InstanceOption> known = options.of(ids);
    for (String id : ids.stream().distinct().sorted().toList()) {
      Instance before = lock(scope, id);
      InstanceOption option =
          known.getOrDefault(id, InstanceOption.usual(id, scope.accountId(), scope.region()));
      check(act, before, option);
      switch (act) {
        case START -> commands.start(caller, id);
        case STOP -> commands.stop(caller, id);
        case REBOOT -> {
          if (before.state() == InstanceState.RUNNING) {
            commands.reboot(caller, id);
          }
        }
        case TERMINATE -> commands.terminate(caller, id);
      }
      Instance after = store.find(scope.accountId(), id).orElseThrow();
      changes.put(id, new Change(id, before.state(), after.state()));
    }
    List<Change> inOrder = new ArrayList<>();
    ids.stream().distinct().forEach(id -> inOrder.add(changes.get(id)));
    return inOrder;
  }

  /// Names all that are not there; one alone is named when it is locked.
  public void requireAll(Scope scope, List<String> ids) {
    if (ids.size() > 1) {
      ids.forEach(ResourceKind.INSTANCE::checked);
      ResourceKind.INSTANCE.requireAll(
          ids,
          search.find(scope, ids, List.of(), null, ids.size()).stream()
              .map(Instance::id)
              .collect(Collectors.toUnmodifiableSet()));
    }
  }

  private static void check(Act act, Instance instance, InstanceOption option) {
    boolean ended = instance.intent() == Intent.TERMINATE;
    switch (act) {
      case START -> {
        if (ended || instance.state() == InstanceState.STOPPING) {
          throw incorrect(instance, "started");
        }
      }
      case STOP -> {
        if (ended) {
          throw incorrect(instance, "stopped");
        }
        if (option.disableApiStop()) {
          throw kept(instance, "stopped", "disableApiStop");
        }
      }
      case REBOOT -> {
        InstanceState state = instance.state();
        if (ended || state == InstanceState.STOPPED || state == InstanceState.STOPPING) {
          throw incorrect(instance, "rebooted");
        }
      }
      case TERMINATE -> {
        if (!ended && instance.terminationProtected()) {
          throw kept(instance, "terminated", "disableApiTermination");
        }
      }
    }
  }

  private static Refused incorrect(Instance instance, String what) {
    return Refused.conflict(
        "incorrect_state",
        "The instance '"
            + instance.id()
            + "' is not in a state from which it can be "
            + what
            + ".");
  }

  private static Refused kept(Instance instance, String what, String attribute) {
    return Refused.conflict(
        "operation_not_permitted",
        "The instance '"
            + instance.id()
            + "' may not be "
            + what
            + ". Modify its '"
            + attribute
            + "' instance attribute and try again.");
  }

  /// Another size, within the account's quota; a new size is there at the next start.
  @Transactional
  public void resize(Scope scope, Instance instance, InstanceType type) {
    Quotas quotas = accounts.lock(scope.accountId());
    QuotaUse used = accountQueries.used(scope.accountId());
    int vcpu = type.vcpu() - instance.vcpu();
    long memory = type.memoryMib() - instance.memoryMib();
    Quotas.require("InstanceType", "vCPU", quotas.vcpuMax(), used.vcpu(), vcpu);
    Quotas.require(
        "InstanceType", "MiB of memory", quotas.memoryMibMax(), used.memoryMib(), memory);
    placing.resize(instance.id(), type);
  }

  /// Changes an instance's options under its lock.
  @Transactional
  public InstanceOption change(Scope scope, String id, UnaryOperator<InstanceOption> change) {
    lock(scope, id);
    InstanceOption before =
        options
            .of(List.of(id))
            .getOrDefault(id, InstanceOption.usual(id, scope.accountId(), scope.region()));
    InstanceOption after = change.apply(before);
    options.put(after);
    return before;
  }

  @Transactional
  public Instance lock(Scope scope, String id) {
    ResourceKind.INSTANCE.checked(id);
    return store
        .lock(scope.accountId(), id)
        .filter(instance -> instance.region().equals(scope.region()))
        .filter(instance -> !search.isForgotten(instance))
        .orElseThrow(() -> ResourceKind.INSTANCE.unknown(id));
  }
}
