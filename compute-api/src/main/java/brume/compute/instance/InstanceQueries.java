package brume.compute.instance;

import brume.compute.access.Caller;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/// What users may see of their instances.
@Component
public class InstanceQueries {
  private static final Pattern ID = Pattern.compile("i-[0-9a-f]{17}");

  private final InstanceStore store;

  InstanceQueries(InstanceStore store) {
    this.store = store;
  }

  public InstanceView get(Caller caller, String id) {
    return InstanceView.of(require(caller, id), caller.principal());
  }

  public Page<InstanceView> list(Caller caller, InstanceFilter filter, Paging paging) {
    if (filter.node() != null && !caller.principal().cloudOperator()) {
      throw new Refused(
          new Refusal.Forbidden("node", "only an operator of the cloud may filter by node"));
    }
    return Page.of(paging, store.list(caller.accountId(), filter, paging), Instance::id)
        .map(instance -> InstanceView.of(instance, caller.principal()));
  }

  long version(String id) {
    return store.version(id);
  }

  /// Another account's instance is as unknown as one that never was.
  public Instance require(Caller caller, String id) {
    return store.find(caller.accountId(), id).orElseThrow(() -> unknown(id));
  }

  /// An id that can't be one is refused as such: it is a mistyped one and not a lost instance.
  public static String checked(String id) {
    return Fields.pattern("instanceId", id, ID);
  }

  static Refused unknown(String id) {
    return Refused.notFound(
        "instance_not_found", "instanceId", "there is no instance " + id + " in this account");
  }
}
