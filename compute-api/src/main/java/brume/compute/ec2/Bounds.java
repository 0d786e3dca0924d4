package brume.compute.ec2;

import brume.compute.access.Action;
import brume.compute.access.Authorization;
import brume.compute.access.Policy;
import brume.compute.access.Principal;
import brume.compute.access.Target;
import brume.compute.ec2.shape.TagSpecification;
import brume.compute.instance.InstanceStore;
import brume.compute.resource.ResourceKind;
import brume.compute.tag.TagStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.stereotype.Component;

/// Asks an account's policies about types and tags before an action of this door changes anything:
/// for what is made the tags that it shall have, else the tags that its things have, and for tags
/// themselves both. Launches and changes of state ask for themselves, at both doors.
@Component
class Bounds {
  private static final Set<String> ASK_THEMSELVES =
      Set.of(
          "RunInstances",
          "StartInstances",
          "StopInstances",
          "RebootInstances",
          "TerminateInstances");

  private final InstanceStore instances;
  private final TagStore tags;

  Bounds(InstanceStore instances, TagStore tags) {
    this.instances = instances;
    this.tags = tags;
  }

  void require(Operation operation, Ec2Call call, Record request) {
    Principal principal = call.caller().principal();
    Action action = operation.action();
    if (ASK_THEMSELVES.contains(operation.name()) || !isBound(principal, action)) {
      return;
    }
    for (Target target : targets(operation, call, request)) {
      Authorization.require(principal, action, target);
    }
  }

  private static boolean isBound(Principal principal, Action action) {
    for (Policy policy : principal.rules().policies()) {
      if (policy.names(action)) {
        return true;
      }
    }
    return false;
  }

  private List<Target> targets(Operation operation, Ec2Call call, Record request) {
    List<Target> targets = new ArrayList<>();
    if (operation.name().equals("CreateTags")) {
      Map<String, String> added = given(operation, request, "tag");
      for (String id : operation.subjects(request)) {
        there(call, id)
            .ifPresent(target -> {
              Map<String, String> after = new TreeMap<>(target.tags());
              after.putAll(added);
              targets.add(target);
              targets.add(new Target(target.instanceType(), after));
            });
      }
    } else if (operation.makes()) {
      targets.add(new Target(null, given(operation, request, "tagSpecification")));
    } else {
      for (String id : operation.subjects(request)) {
        there(call, id).ifPresent(targets::add);
      }
    }
    return targets;
  }

  private static Map<String, String> given(Operation operation, Record request, String name) {
    Map<String, String> given = new TreeMap<>();
    if (operation.named(request, name) instanceof List<?> items) {
      for (Object item : items) {
        List<?> tagged =
            item instanceof TagSpecification specification ? specification.tags() : List.of(item);
        for (Object one : tagged) {
          if (one instanceof brume.compute.ec2.shape.Tag tag && tag.key() != null) {
            given.put(tag.key(), tag.value() == null ? "" : tag.value());
          }
        }
      }
    }
    return given;
  }

  /// Nothing for what is not there: the action says so itself.
  private Optional<Target> there(Ec2Call call, String id) {
    Optional<ResourceKind> kind = ResourceKind.ofId(id);
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    if (kind.get() == ResourceKind.INSTANCE) {
      return instances
          .find(call.accountId(), id)
          .map(instance -> new Target(instance.type(), instance.tags()));
    }
    return Optional.of(new Target(null, tags.of(call.accountId(), id)));
  }
}
