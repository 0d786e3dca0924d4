package brume.compute.launch;

import brume.compute.network.AddressCommands;
import brume.compute.network.InterfaceCommands;
import brume.compute.network.NetworkInterface;
import brume.compute.network.NetworkTables;
import brume.compute.network.NewInterfaces;
import brume.compute.network.SecurityGroup;
import brume.compute.network.Subnet;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.region.Region;
import brume.compute.resource.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;

/// The network interfaces of launches: in which subnet each stands, and what hangs on its
/// instances.
@Component
class LaunchCards {
  private final NetworkTables networks;
  private final InterfaceCommands interfaces;
  private final NewInterfaces making;
  private final AddressCommands addresses;
  private final Zones zones;

  LaunchCards(
      NetworkTables networks,
      InterfaceCommands interfaces,
      NewInterfaces making,
      AddressCommands addresses,
      Zones zones) {
    this.networks = networks;
    this.interfaces = interfaces;
    this.making = making;
    this.addresses = addresses;
    this.zones = zones;
  }

  /// Where the first interface is or shall be. Those that are there already must be free, and are
  /// for one instance.
  Subnet subnet(Scope scope, Region region, LaunchOrder order, Memo memo) {
    for (LaunchOrder.Card card : order.cards()) {
      String id = card.networkInterfaceId();
      if (id != null
          && (interfaces.requireFree(scope, id).instanceId() != null || order.max() != 1)) {
        throw Refused.conflict("interface_in_use", "Interface: [" + id + "] in use.");
      }
    }
    LaunchOrder.Card first = order.cards().getFirst();
    String id = first.networkInterfaceId();
    if (id != null) {
      return networks.subnets.require(scope, networks.interfaces.require(scope, id).subnetId());
    }
    String subnetId = first.subnetId();
    if (subnetId != null) {
      Subnet subnet = subnet(scope, subnetId, memo);
      if (order.zone() != null && !order.zone().equals(subnet.zone())) {
        throw Refused.invalid(
            "Placement.AvailabilityZone",
            "The availability zone '" + Fields.shown(order.zone()) + "' is not that of the subnet");
      }
      return subnet;
    }
    String zone =
        order.zone() == null
            ? memo.of(List.of("roomiest zone"), () -> zones.roomiest(region)).name()
            : order.zone();
    return memo.of(List.of("default subnet", zone), () -> defaultSubnet(scope, zone));
  }

  private Subnet defaultSubnet(Scope scope, String zone) {
    return networks.subnets.where(scope, "default_for_zone AND zone = ?", zone).stream()
        .findFirst()
        .orElseThrow(() ->
            Refused.invalid(
                "missing_default_subnet",
                "SubnetId",
                "No default subnet for availability zone: '" + Fields.shown(zone) + "'."));
  }

  private Subnet subnet(Scope scope, String id, Memo memo) {
    return memo.of(List.of("subnet", id), () -> networks.subnets.require(scope, id));
  }

  void hang(Scope scope, List<LaunchCommands.Made> all, Memo memo, Instant now) {
    List<LaunchOrder.Card> cards = new ArrayList<>();
    List<NewInterfaces.Hung> hung = new ArrayList<>();
    List<String> must = new ArrayList<>();
    List<String> may = new ArrayList<>();
    List<List<String>> giving = new ArrayList<>();
    for (LaunchCommands.Made made : all) {
      for (LaunchOrder.Card card : made.order().cards()) {
        String id = card.networkInterfaceId();
        if (id != null) {
          interfaces.attach(scope, id, made.ids().getFirst(), card.deviceIndex());
          continue;
        }
        NewInterfaces.Hung one = hung(scope, made, card, memo, now);
        boolean usual = made.order().cards().size() == 1 && one.subnet().mapPublicIp();
        Boolean asked = card.publicAddress();
        cards.add(card);
        hung.add(one);
        giving.add(
            Boolean.TRUE.equals(asked) ? must : asked == null && usual ? may : new ArrayList<>());
      }
    }
    List<List<NetworkInterface>> made = making.hang(scope, hung);
    for (int i = 0; i < made.size(); i++) {
      for (NetworkInterface card : made.get(i)) {
        giving.get(i).add(card.id());
        if (!cards.get(i).more().equals(InterfaceCommands.More.NONE)) {
          interfaces.assign(scope, card.id(), cards.get(i).more());
        }
      }
    }
    addresses.give(scope, must, may);
  }

  private NewInterfaces.Hung hung(
      Scope scope, LaunchCommands.Made made, LaunchOrder.Card card, Memo memo, Instant now) {
    Subnet first = made.plan().subnet();
    String subnetId = card.subnetId();
    Subnet subnet = subnetId == null ? first : subnet(scope, subnetId, memo);
    if (!subnet.zone().equals(first.zone())) {
      throw Refused.invalid(
          "invalid_parameter_combination",
          "NetworkInterface.SubnetId",
          "The interfaces of an instance must be in one availability zone");
    }
    return new NewInterfaces.Hung(
        subnet,
        card.description(),
        memo.of(
            List.of("groups", subnet.vpcId(), card.groupIds(), card.groupNames()),
            () -> groups(scope, subnet, card)),
        card.privateIp(),
        new NewInterfaces.Slot(card.deviceIndex(), card.deleteOnTermination(), now),
        made.ids(),
        made.order().interfaceTags());
  }

  private List<String> groups(Scope scope, Subnet subnet, LaunchOrder.Card card) {
    List<String> groups = new ArrayList<>(card.groupIds());
    for (String name : card.groupNames()) {
      groups.add(
          networks.groups.where(scope, "vpc_id = ? AND name = ?", subnet.vpcId(), name).stream()
              .map(SecurityGroup::id)
              .findFirst()
              .orElseThrow(() ->
                  Refused.notFound(
                      "security_group_not_found",
                      "SecurityGroup",
                      "The security group '"
                          + Fields.shown(name)
                          + "' does not exist in VPC '"
                          + subnet.vpcId()
                          + "'")));
    }
    return making.groups(scope, subnet.vpcId(), groups);
  }
}
