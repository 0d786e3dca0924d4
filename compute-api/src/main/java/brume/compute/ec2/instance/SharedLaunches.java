package brume.compute.ec2.instance;

import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.SharedAction;
import brume.compute.ec2.instance.LaunchActions.RunInstances;
import brume.compute.ec2.shape.TypeNames;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.idempotency.IdempotencyStore;
import brume.compute.launch.LaunchCommands;
import brume.compute.launch.LaunchOrder;
import brume.compute.network.DefaultNetwork;
import brume.compute.refusal.Refused;
import brume.compute.region.Region;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// RunInstances, several calls at once: their orders, their tokens, the launches, and one look at
/// all that was launched.
@Component
class SharedLaunches implements SharedAction {
  private final LaunchCommands launches;
  private final DefaultNetwork defaults;
  private final IdempotencyStore requests;
  private final InstanceViews views;
  private final Templates templates;
  private final TypeNames types;

  SharedLaunches(
      LaunchCommands launches,
      DefaultNetwork defaults,
      IdempotencyStore requests,
      InstanceViews views,
      Templates templates,
      TypeNames types) {
    this.launches = launches;
    this.defaults = defaults;
    this.requests = requests;
    this.views = views;
    this.templates = templates;
    this.types = types;
  }

  /// One of those that are launched together, and how far it came.
  private static final class Member {
    private final Ec2Call call;
    private @Nullable LaunchOrder order;
    private @Nullable String begunKey;
    private LaunchCommands.@Nullable Launched launched;
    private @Nullable RuntimeException refused;

    private Member(Ec2Call call) {
      this.call = call;
    }

    private LaunchCommands.Asked asked() {
      return new LaunchCommands.Asked(call.caller(), call.region(), Objects.requireNonNull(order));
    }

    private boolean isOpen() {
      return launched == null && refused == null;
    }
  }

  @Override
  public String name() {
    return "RunInstances";
  }

  @Override
  public @Nullable String token(Record request) {
    String token = ((RunInstances) request).clientToken();
    return token == null || token.isEmpty() ? null : token;
  }

  @Override
  public List<Outcome> doAll(List<Asked> all) {
    Ec2Call first = all.getFirst().call();
    defaults.ensure(first.scope(), first.region().zones().stream().map(Region.Zone::name).toList());
    List<Member> members = all.stream().map(this::member).toList();
    begin(first.accountId(), members.stream().filter(Member::isOpen).toList());
    List<Member> open = members.stream().filter(Member::isOpen).toList();
    if (!open.isEmpty()) {
      List<LaunchCommands.Outcome> done =
          launches.launch(open.stream().map(Member::asked).toList());
      for (int i = 0; i < done.size(); i++) {
        open.get(i).launched = done.get(i).launched();
        open.get(i).refused = done.get(i).refused();
      }
    }
    finish(first.accountId(), members.stream().filter(member -> member.begunKey != null).toList());
    return outcomes(first, members);
  }

  private Member member(Asked asked) {
    Member member = new Member(asked.call());
    try {
      member.order = order(asked.call(), (RunInstances) asked.request());
    } catch (Ec2Fault | Refused refused) {
      member.refused = refused;
    }
    return member;
  }

  private LaunchOrder order(Ec2Call call, RunInstances request) {
    Integer addresses = request.ipv6AddressCount();
    if (request.ramdiskId() != null || (addresses != null && addresses > 0)) {
      throw Ec2Fault.unsupported(
          "There are no RAM disks and no IPv6 addresses: leave RamdiskId and Ipv6AddressCount out.");
    }
    Templates.Chosen template = templates.chosen(call, request.launchTemplate());
    LaunchSettings settings =
        template == null ? request.settings() : request.settings().or(template.settings());
    return Orders.of(
        call,
        settings,
        new Orders.Extra(
            request.minCount(),
            request.maxCount(),
            request.subnetId(),
            request.privateIpAddress(),
            request.clientToken(),
            template == null ? null : template.id(),
            template == null ? null : template.version()),
        types);
  }

  private void begin(String account, List<Member> members) {
    Map<String, Member> byKey = new HashMap<>();
    Map<String, IdempotencyStore.Keyed> keyed = new HashMap<>();
    for (Member member : members) {
      LaunchOrder order = Objects.requireNonNull(member.order);
      String key = member.call.withToken(order.options().clientToken()).idempotencyKey();
      if (key != null) {
        member.begunKey = key;
        byKey.put(key, member);
        keyed.put(key, requests.keyed(key, name(), order));
      }
    }
    if (keyed.isEmpty()) {
      return;
    }
    requests
        .begin(account, List.copyOf(keyed.values()))
        .forEach((key, kept) -> {
          Member member = Objects.requireNonNull(byKey.get(key));
          member.begunKey = null;
          try {
            member.launched =
                requests.answer(
                    Objects.requireNonNull(keyed.get(key)), kept, LaunchCommands.Launched.class);
          } catch (Refused refused) {
            member.refused = refused;
          }
        });
  }

  private void finish(String account, List<Member> begun) {
    Map<String, LaunchCommands.Launched> answers = new HashMap<>();
    List<String> refused = new ArrayList<>();
    for (Member member : begun) {
      String key = Objects.requireNonNull(member.begunKey);
      if (member.launched == null) {
        refused.add(key);
      } else {
        answers.put(key, member.launched);
      }
    }
    requests.finish(account, answers);
    requests.forget(account, refused);
  }

  private List<Outcome> outcomes(Ec2Call first, List<Member> members) {
    List<LaunchCommands.Launched> launched = new ArrayList<>();
    members.forEach(member -> {
      if (member.launched != null) {
        launched.add(member.launched);
      }
    });
    Map<String, InstanceShape.ReservationShape> shown = views.launched(first, launched);
    return members.stream()
        .map(member ->
            member.launched == null
                ? new Outcome(null, member.refused)
                : new Outcome(shown.get(member.launched.reservationId()), null))
        .toList();
  }
}
