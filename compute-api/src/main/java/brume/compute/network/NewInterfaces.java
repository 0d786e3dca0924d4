package brume.compute.network;

import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.resource.Scope;
import brume.compute.resource.Tagged;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/// Makes network interfaces: alone, or all those of launches that come at once, with one look for
/// addresses in each subnet and one statement.
@Component
public class NewInterfaces {
  private final NetworkTables tables;
  private final SubnetAddresses addresses;
  private final IdGenerator ids;
  private final RandomGenerator random;
  private final Clock clock;

  NewInterfaces(
      NetworkTables tables,
      SubnetAddresses addresses,
      IdGenerator ids,
      RandomGenerator random,
      Clock clock) {
    this.tables = tables;
    this.addresses = addresses;
    this.ids = ids;
    this.random = random;
    this.clock = clock;
  }

  /// Where on an instance an interface hangs.
  public record Slot(int deviceIndex, boolean deleteOnTermination, Instant at) {}

  /// One for each of several instances, in the same place of each.
  ///
  /// @param groups as [#groups] gives them
  /// @param privateIp for a single instance; null for any that is free
  public record Hung(
      Subnet subnet,
      String description,
      List<String> groups,
      @Nullable String privateIp,
      Slot slot,
      List<String> instances,
      Map<String, String> tags) {
    /// Throws a refusal where several instances shall have one address.
    public Hung {
      Fields.text("description", description, 0, 255);
      if (privateIp != null && instances.size() != 1) {
        throw Refused.invalid(
            "PrivateIpAddress",
            "Address " + Fields.shown(privateIp) + " is for one instance, not for several");
      }
    }
  }

  /// @return for each of `all` its interfaces, in the order of its instances
  @Transactional(propagation = Propagation.MANDATORY)
  public List<List<NetworkInterface>> hang(Scope scope, List<Hung> all) {
    Map<String, List<Integer>> bySubnet = new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i++) {
      bySubnet.computeIfAbsent(all.get(i).subnet().id(), id -> new ArrayList<>()).add(i);
    }
    Map<Integer, List<Long>> given = new HashMap<>();
    bySubnet.values().forEach(ofOne -> given.putAll(addresses(scope, all, ofOne)));
    List<List<NetworkInterface>> made = new ArrayList<>();
    List<Tagged<NetworkInterface>> rows = new ArrayList<>();
    for (int number = 0; number < all.size(); number++) {
      Hung one = all.get(number);
      List<Long> mine = Objects.requireNonNull(given.get(number));
      List<NetworkInterface> cards = new ArrayList<>();
      for (int i = 0; i < one.instances().size(); i++) {
        String instance = one.instances().get(i);
        Slot slot = one.slot();
        cards.add(
            card(scope, one.subnet(), one.description(), one.groups(), mine.get(i))
                .attached(
                    new NetworkInterface.Attachment(
                        ids.next("eni-attach-"), instance, slot.deviceIndex(), slot.at()),
                    slot.deleteOnTermination()));
      }
      cards.forEach(card -> rows.add(new Tagged<>(card, one.tags())));
      made.add(cards);
    }
    tables.interfaces.insertAll(scope, rows);
    return made;
  }

  /// Those that are asked for, and free ones for the others, by their place in `all`.
  private Map<Integer, List<Long>> addresses(
      Scope scope, List<Hung> all, List<Integer> ofOneSubnet) {
    Subnet subnet = all.get(ofOneSubnet.getFirst()).subnet();
    Map<Integer, List<Long>> given = new HashMap<>();
    Set<Long> asked = new HashSet<>();
    int needed = 0;
    for (int number : ofOneSubnet) {
      String wanted = all.get(number).privateIp();
      if (wanted == null) {
        needed += all.get(number).instances().size();
      } else {
        long address = addresses.require(scope, subnet, wanted);
        if (!asked.add(address)) {
          throw SubnetAddresses.inUse(wanted);
        }
        given.put(number, List.of(address));
      }
    }
    List<Long> free =
        needed == 0 ? List.of() : addresses.free(scope, subnet, needed, Set.copyOf(asked));
    int next = 0;
    for (int number : ofOneSubnet) {
      if (!given.containsKey(number)) {
        int count = all.get(number).instances().size();
        given.put(number, free.subList(next, next + count));
        next += count;
      }
    }
    return given;
  }

  /// One that hangs on nothing yet, which is not written.
  NetworkInterface card(
      Scope scope, Subnet subnet, String description, List<String> groups, long address) {
    return new NetworkInterface(
        ids.next("eni-"),
        scope.accountId(),
        scope.region(),
        subnet.vpcId(),
        subnet.id(),
        subnet.zone(),
        description,
        address,
        mac(),
        groups,
        true,
        null,
        null,
        null,
        null,
        false,
        clock.instant(),
        List.of());
  }

  private String mac() {
    StringBuilder mac = new StringBuilder("02"); // locally administered, one card (IEEE 802)
    for (int i = 0; i < 5; i++) {
      mac.append(':').append("%02x".formatted(random.nextInt(256)));
    }
    return mac.toString();
  }

  /// The groups that are asked for, all of this network; without any its default group.
  public List<String> groups(Scope scope, String vpcId, List<String> wanted) {
    if (wanted.isEmpty()) {
      return tables.groups.where(scope, "vpc_id = ? AND name = 'default'", vpcId).stream()
          .map(SecurityGroup::id)
          .toList();
    }
    if (wanted.size() > InterfaceCommands.GROUPS_MAX) {
      throw Refused.conflict(
          "security_groups_per_interface_limit_exceeded",
          "An interface has at most "
              + InterfaceCommands.GROUPS_MAX
              + " security groups, not "
              + wanted.size());
    }
    for (String id : wanted) {
      SecurityGroup group = tables.groups.require(scope, id);
      if (!group.vpcId().equals(vpcId)) {
        throw Refused.invalid(
            "invalid_parameter",
            "SecurityGroupId",
            "Security group " + id + " and the subnet belong to different networks.");
      }
    }
    return wanted.stream().distinct().toList();
  }
}
