package brume.compute.instance;

import brume.compute.access.Action;
import brume.compute.access.Authorization;
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
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Writes launches of one account, several at once in as many statements as one: it is judged one
/// by one, in the order they came, and each is launched, answered from an earlier time, or refused
/// alone. What one takes of a quota the next one does not find.
@Component
class LaunchStore {
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

  LaunchStore(
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

  /// One of those that are launched together, and how far it came.
  private static final class Member {
    private final InstanceCommands.Asked asked;
    private @Nullable String begunKey;
    private InstanceStore.@Nullable Launching launching;
    private InstanceCommands.@Nullable Outcome outcome;

    private Member(InstanceCommands.Asked asked) {
      this.asked = asked;
    }

    private void refuse(Refused refused) {
      outcome = new InstanceCommands.Outcome(null, refused);
    }

    private boolean isOpen() {
      return outcome == null;
    }
  }

  /// @param all of one account, with different keys
  @Transactional(propagation = Propagation.MANDATORY)
  public List<InstanceCommands.Outcome> run(List<InstanceCommands.Asked> all) {
    String account = all.getFirst().caller().accountId();
    List<Member> members = all.stream().map(Member::new).toList();
    begin(account, members);
    judge(account, members.stream().filter(Member::isOpen).toList());
    insert(members.stream().filter(Member::isOpen).toList());
    finish(account, members.stream().filter(member -> member.begunKey != null).toList());
    return members.stream().map(member -> Objects.requireNonNull(member.outcome)).toList();
  }

  private void begin(String account, List<Member> members) {
    Map<String, Member> byKey = new HashMap<>();
    Map<String, IdempotencyStore.Keyed> keyed = new HashMap<>();
    for (Member member : members) {
      String key = member.asked.caller().idempotencyKey();
      if (key != null) {
        byKey.put(key, member);
        keyed.put(key, requests.keyed(key, "runInstances", member.asked.wanted()));
        member.begunKey = key;
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
            IdempotencyStore.Keyed asked = Objects.requireNonNull(keyed.get(key));
            member.outcome =
                new InstanceCommands.Outcome(requests.answer(asked, kept, Reservation.class), null);
          } catch (Refused refused) {
            member.refuse(refused);
          }
        });
  }

  private void judge(String account, List<Member> members) {
    Map<String, InstanceType> knownTypes = new HashMap<>();
    Map<String, ImageQueries.Bootable> knownImages = new HashMap<>();
    Map<Member, Fitting> fitting = new LinkedHashMap<>();
    for (Member member : members) {
      try {
        fitting.put(member, fitting(member.asked, knownTypes, knownImages));
      } catch (Refused refused) {
        member.refuse(refused);
      }
    }
    if (fitting.isEmpty()) {
      return;
    }
    try {
      spending.require(account);
    } catch (Refused refused) {
      fitting.keySet().forEach(member -> member.refuse(refused));
      return;
    }
    Quotas quotas = accounts.lock(account);
    QuotaUse[] used = {accountQueries.used(account)};
    fitting.forEach((member, fits) -> {
      try {
        int count = member.asked.wanted().count();
        checkQuota(quotas, used[0], fits.type(), count);
        member.launching = launching(member.asked, fits);
        used[0] = used[0].plus(taken(fits.type(), count));
      } catch (Refused refused) {
        member.refuse(refused);
      }
    });
  }

  /// A type and an image that fit together.
  private record Fitting(InstanceType type, ImageQueries.Bootable image) {}

  private Fitting fitting(
      InstanceCommands.Asked asked,
      Map<String, InstanceType> knownTypes,
      Map<String, ImageQueries.Bootable> knownImages) {
    RunInstances wanted = asked.wanted();
    InstanceType type =
        knownTypes.computeIfAbsent(wanted.type(), name -> types.require("type", name));
    Target target = new Target(type.name(), wanted.tags());
    Authorization.require(asked.caller().principal(), RUN, target);
    ImageQueries.Bootable image =
        knownImages.computeIfAbsent(
            wanted.image(), name -> images.require(asked.caller(), "image", name));
    image.requireFit(type);
    return new Fitting(type, image);
  }

  private InstanceStore.Launching launching(InstanceCommands.Asked asked, Fitting fits) {
    RunInstances wanted = asked.wanted();
    InstanceType type = fits.type();
    // Distinct and in rising order, though all may be made in one millisecond.
    TreeSet<String> newIds = new TreeSet<>();
    while (newIds.size() < wanted.count()) {
      newIds.add(ids.next("i-"));
    }
    List<InstanceStore.NewInstance> instances = new ArrayList<>();
    for (String id : newIds) {
      instances.add(new InstanceStore.NewInstance(id, wanted.nameOf(instances.size())));
    }
    InstanceStore.Launch launch =
        new InstanceStore.Launch(
            asked.caller().accountId(),
            ids.next("r-"),
            fits.image().id(),
            fits.image().name(),
            type.name(),
            type.vcpu(),
            type.memoryMib(),
            type.baselinePercent(),
            wanted,
            asked.region(),
            clock.instant().truncatedTo(ChronoUnit.MICROS));
    return new InstanceStore.Launching(launch, instances, InstanceCommands.by(asked.caller()));
  }

  private void insert(List<Member> members) {
    if (members.isEmpty()) {
      return;
    }
    List<InstanceStore.Launching> launches =
        members.stream().map(member -> Objects.requireNonNull(member.launching)).toList();
    audit.done(members.stream().map(LaunchStore::deed).toList());
    List<List<Instance>> made = store.insert(launches);
    for (int i = 0; i < made.size(); i++) {
      Member member = members.get(i);
      Reservation reservation =
          new Reservation(
              launches.get(i).launch().reservationId(),
              made.get(i).stream()
                  .map(one -> InstanceView.of(one, member.asked.caller().principal()))
                  .toList());
      member.outcome = new InstanceCommands.Outcome(reservation, null);
    }
  }

  private static AuditTrail.Deed deed(Member member) {
    InstanceStore.Launching launching = Objects.requireNonNull(member.launching);
    List<String> made = new ArrayList<>();
    made.add(launching.launch().reservationId());
    launching.instances().forEach(instance -> made.add(instance.id()));
    return new AuditTrail.Deed(member.asked.caller(), RUN, made);
  }

  private void finish(String account, List<Member> begun) {
    Map<String, Reservation> answers = new HashMap<>();
    List<String> refused = new ArrayList<>();
    for (Member member : begun) {
      String key = Objects.requireNonNull(member.begunKey);
      InstanceCommands.Outcome outcome = Objects.requireNonNull(member.outcome);
      if (outcome.launched() == null) {
        refused.add(key);
      } else {
        answers.put(key, outcome.launched());
      }
    }
    requests.finish(account, answers);
    requests.forget(account, refused);
  }

  static void checkQuota(Quotas quotas, QuotaUse used, InstanceType type, int count) {
    Quotas.require("count", "instances", quotas.instancesMax(), used.instances(), count);
    QuotaUse more = taken(type, count);
    Quotas.require("count", "vCPU", quotas.vcpuMax(), used.vcpu(), more.vcpu());
    Quotas.require(
        "count", "MiB of memory", quotas.memoryMibMax(), used.memoryMib(), more.memoryMib());
  }

  private static QuotaUse taken(InstanceType type, int count) {
    return new QuotaUse(count, count * type.vcpu(), (long) count * type.memoryMib());
  }
}
