package brume.compute.launch;

import brume.compute.network.AddressCommands;
import brume.compute.network.InterfaceCommands;
import brume.compute.network.NetworkInterface;
import brume.compute.network.NetworkTables;
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

/// The network interfaces of a launch: in which subnet it stands, and what hangs on each instance.
@Component
class LaunchCards {
  private final NetworkTables networks;
  private final InterfaceCommands interfaces;
  private final AddressCommands addresses;
  private final Zones zones;

  LaunchCards(
      NetworkTables networks,
      InterfaceCommands interfaces,
      AddressCommands addresses,
      Zones zones) {
    this.networks = networks;
    this.interfaces = interfaces;
    this.addresses = addresses;
    this.zones = zones;
  }

  /// Where the first interface is or shall be. Those that are there already must be free, and are
  /// for one instance.
  Subnet subnet(Scope scope, Region region, LaunchOrder order, int count) {
    for (LaunchOrder.Card card : order.cards()) {
      String id = card.networkInterfaceId();
      if (id != null && (interfaces.requireFree(scope, id).instanceId() != null || count != 1)) {
        throw Refused.conflict("interface_in_use", "Interface: [" + id + "] in use.");
      }
    }
    LaunchOrder.Card first = order.cards().getFirst();
    String id = first.networkInterfaceId();
    if (id != null) {
      return networks.subnets.require(scope, networks.interfaces.require(scope, id).subnetId());
    }
    if (first.subnetId() != null) {
      Subnet subnet = networks.subnets.require(scope, first.subnetId());
      if (order.zone() != null && !order.zone().equals(subnet.zone())) {
        throw Refused.invalid(
            "Placement.AvailabilityZone",
            "The availability zone '" + Fields.shown(order.zone()) + "' is not that of the subnet");
      }
      return subnet;
    }
    String zone = order.zone() == null ? zones.roomiest(region).name() : order.zone();
    return networks.subnets.where(scope, "default_for_zone AND zone = ?", zone).stream()
        .findFirst()
        .orElseThrow(() ->
            Refused.invalid(
                "missing_default_subnet",
                "SubnetId",
                "No default subnet for availability zone: '" + Fields.shown(zone) + "'."));
  }

  void hang(Scope scope, LaunchOrder order, Subnet subnet, List<String> ids, Instant now) {
    for (LaunchOrder.Card card : order.cards()) {
      String id = card.networkInterfaceId();
      if (id != null) {
        interfaces.attach(scope, id, ids.getFirst(), card.deviceIndex());
      } else {
        make(scope, order, card, subnet, ids, now);
      }
    }
  }

  private void make(
      Scope scope,
      LaunchOrder order,
      LaunchOrder.Card card,
      Subnet first,
      List<String> ids,
      Instant now) {
    Subnet subnet =
        card.subnetId() == null ? first : networks.subnets.require(scope, card.subnetId());
    if (!subnet.zone().equals(first.zone())) {
      throw Refused.invalid(
          "invalid_parameter_combination",
          "NetworkInterface.SubnetId",
          "The interfaces of an instance must be in one availability zone");
    }
    List<NetworkInterface> made =
        interfaces.createFor(
            scope,
            new InterfaceCommands.Wanted(
                subnet.id(),
                card.description(),
                groups(scope, subnet, card),
                card.privateIp(),
                InterfaceCommands.More.NONE),
            new InterfaceCommands.Slot(card.deviceIndex(), card.deleteOnTermination(), now),
            ids);
    for (NetworkInterface one : made) {
      networks.interfaces.tag(one, order.interfaceTags());
      if (!card.more().equals(InterfaceCommands.More.NONE)) {
        interfaces.assign(scope, one.id(), card.more());
      }
    }
    Boolean asked = card.publicAddress();
    boolean usual = order.cards().size() == 1 && subnet.mapPublicIp();
    if (asked == null ? usual : asked) {
      addresses.give(
          scope, made.stream().map(NetworkInterface::id).toList(), Boolean.TRUE.equals(asked));
    }
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
    return groups;
  }
}
