package brume.compute.network;

import brume.compute.account.AccountStore;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.resource.ResourceKind;
import brume.compute.resource.Scope;
import brume.compute.resource.Tagged;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Makes and deletes internet gateways and route tables, and says which subnet follows which.
@Component
public class GatewayCommands {
  public static final int GATEWAYS_MAX = 500;
  public static final int ROUTE_TABLES_MAX = 200;
  public static final int ROUTES_MAX = 50;

  private final NetworkTables tables;
  private final AccountStore accounts;
  private final IdGenerator ids;
  private final Clock clock;

  GatewayCommands(NetworkTables tables, AccountStore accounts, IdGenerator ids, Clock clock) {
    this.tables = tables;
    this.accounts = accounts;
    this.ids = ids;
    this.clock = clock;
  }

  @Transactional
  public Tagged<InternetGateway> create(Scope scope, Map<String, String> tags) {
    accounts.lock(scope.accountId());
    if (tables.gateways.count(scope) >= GATEWAYS_MAX) {
      throw Refused.conflict(
          "internet_gateway_limit_exceeded",
          "The maximum number of internet gateways has been reached: " + GATEWAYS_MAX);
    }
    return tables.gateways.insert(
        new InternetGateway(
            ids.next("igw-"), scope.accountId(), scope.region(), null, clock.instant()),
        tags);
  }

  @Transactional
  public void attach(Scope scope, String id, String vpcId) {
    accounts.lock(scope.accountId());
    InternetGateway gateway = tables.gateways.require(scope, id);
    tables.vpcs.require(scope, vpcId);
    if (gateway.vpcId() != null) {
      throw Refused.conflict(
          "already_associated",
          "resource " + id + " is already attached to network " + gateway.vpcId());
    }
    if (!tables.gateways.where(scope, "vpc_id = ?", vpcId).isEmpty()) {
      throw Refused.invalid(
          "VpcId", "Network " + vpcId + " already has an internet gateway attached");
    }
    tables.gateways.update(gateway.attachedTo(vpcId));
  }

  @Transactional
  public void detach(Scope scope, String id, String vpcId) {
    accounts.lock(scope.accountId());
    InternetGateway gateway = tables.gateways.require(scope, id);
    tables.vpcs.require(scope, vpcId);
    if (!vpcId.equals(gateway.vpcId())) {
      throw Refused.conflict(
          "not_attached", "resource " + id + " is not attached to network " + Fields.shown(vpcId));
    }
    boolean mapped =
        tables.addresses.where(scope, "network_interface_id IS NOT NULL").stream()
            .map(address ->
                tables.interfaces.find(scope, String.valueOf(address.networkInterfaceId())))
            .anyMatch(card -> card.isPresent() && card.get().vpcId().equals(vpcId));
    if (mapped) {
      throw Refused.conflict(
          "dependency_violation",
          "Network "
              + vpcId
              + " has some mapped public address(es). Please unmap those public address(es) before"
              + " detaching the gateway.");
    }
    tables.gateways.update(gateway.attachedTo(null));
  }

  @Transactional
  public void delete(Scope scope, String id) {
    accounts.lock(scope.accountId());
    InternetGateway gateway = tables.gateways.require(scope, id);
    if (gateway.vpcId() != null) {
      throw Refused.conflict(
          "dependency_violation",
          "The internetGateway '" + id + "' has dependencies and cannot be deleted.");
    }
    tables.gateways.delete(gateway);
  }

  @Transactional
  public Tagged<RouteTable> createTable(Scope scope, String vpcId, Map<String, String> tags) {
    accounts.lock(scope.accountId());
    tables.vpcs.require(scope, vpcId);
    if (tables.routeTables.where(scope, "vpc_id = ?", vpcId).size() >= ROUTE_TABLES_MAX) {
      throw Refused.conflict(
          "route_table_limit_exceeded",
          "The maximum number of route tables has been reached: " + ROUTE_TABLES_MAX);
    }
    return tables.routeTables.insert(
        new RouteTable(
            ids.next("rtb-"), scope.accountId(), scope.region(), vpcId, List.of(), clock.instant()),
        tags);
  }

  @Transactional
  public void deleteTable(Scope scope, String id) {
    accounts.lock(scope.accountId());
    RouteTable table = tables.routeTables.require(scope, id);
    if (!tables.associations.where(scope, "route_table_id = ?", id).isEmpty()) {
      throw Refused.conflict(
          "dependency_violation",
          "The routeTable '" + id + "' has dependencies and cannot be deleted.");
    }
    tables.routeTables.delete(table);
  }

  @Transactional
  public RouteTableAssociation associate(Scope scope, String tableId, String subnetId) {
    accounts.lock(scope.accountId());
    RouteTable table = tables.routeTables.require(scope, tableId);
    Subnet subnet = tables.subnets.require(scope, subnetId);
    if (!subnet.vpcId().equals(table.vpcId())) {
      throw Refused.invalid(
          "SubnetId",
          "Route table " + tableId + " and network " + subnetId + " belong to different networks");
    }
    List<RouteTableAssociation> present =
        tables.associations.where(scope, "subnet_id = ?", subnetId);
    if (!present.isEmpty()) {
      if (present.getFirst().routeTableId().equals(tableId)) {
        return present.getFirst();
      }
      throw Refused.conflict(
          "already_associated",
          "the specified association for route table "
              + tableId
              + " conflicts with an existing association");
    }
    RouteTableAssociation made =
        new RouteTableAssociation(
            ids.next("rtbassoc-"),
            scope.accountId(),
            scope.region(),
            tableId,
            table.vpcId(),
            subnetId);
    tables.associations.insert(made, Map.of());
    return made;
  }

  @Transactional
  public void disassociate(Scope scope, String associationId) {
    accounts.lock(scope.accountId());
    RouteTableAssociation association = tables.associations.require(scope, associationId);
    if (association.subnetId() == null) {
      throw Refused.invalid(
          "AssociationId", "cannot disassociate the main route table association " + associationId);
    }
    tables.associations.delete(association);
  }

  /// Another table for a subnet, or for all that have none of their own.
  ///
  /// @return the association in the place of the old one
  @Transactional
  public RouteTableAssociation replace(Scope scope, String associationId, String tableId) {
    accounts.lock(scope.accountId());
    RouteTableAssociation before = tables.associations.require(scope, associationId);
    RouteTable table = tables.routeTables.require(scope, tableId);
    if (!before.vpcId().equals(table.vpcId())) {
      throw Refused.invalid(
          "RouteTableId",
          "Route table "
              + tableId
              + " and network "
              + (before.subnetId() == null ? before.vpcId() : before.subnetId())
              + " belong to different networks");
    }
    tables.associations.delete(before);
    RouteTableAssociation made =
        new RouteTableAssociation(
            ids.next("rtbassoc-"),
            scope.accountId(),
            scope.region(),
            tableId,
            table.vpcId(),
            before.subnetId());
    tables.associations.insert(made, Map.of());
    return made;
  }

  /// @param change makes the new routes of the old ones
  @Transactional
  public void change(
      Scope scope, String tableId, String destination, RouteTable.Route route, Change change) {
    accounts.lock(scope.accountId());
    RouteTable table = tables.routeTables.require(scope, tableId);
    Cidr wanted =
        Cidr.parse(destination)
            .orElseThrow(() ->
                Refused.invalid(
                    "DestinationCidrBlock",
                    "Value ("
                        + Fields.shown(destination)
                        + ") for parameter destinationCidrBlock is invalid. This is not a valid"
                        + " CIDR block."));
    if (tables.vpcs.require(scope, table.vpcId()).blocks().stream()
        .anyMatch(block -> block.cidrBlock().equals(wanted.toString()))) {
      throw change == Change.ADD
          ? Refused.conflict(
              "route_already_exists", "The route identified by " + wanted + " already exists.")
          : Refused.invalid(
              "DestinationCidrBlock",
              "cannot remove local route " + wanted + " in route table " + tableId);
    }
    boolean there =
        table.routes().stream().anyMatch(one -> one.destination().equals(wanted.toString()));
    if (change == Change.ADD && there) {
      throw Refused.conflict(
          "route_already_exists", "The route identified by " + wanted + " already exists.");
    }
    if (change == Change.REPLACE && !there) {
      throw Refused.invalid(
          "DestinationCidrBlock",
          "There is no route defined for '"
              + wanted
              + "' in the route table. Use CreateRoute instead.");
    }
    if (change != Change.ADD && !there) {
      throw Refused.notFound(
          "route_not_found",
          "DestinationCidrBlock",
          "no route with destination-cidr-block " + wanted + " in route table " + tableId);
    }
    List<RouteTable.Route> routes = new ArrayList<>(table.routes());
    routes.removeIf(one -> one.destination().equals(wanted.toString()));
    if (change != Change.REMOVE) {
      requireTarget(scope, table, route);
      routes.add(
          new RouteTable.Route(
              wanted.toString(),
              route.gatewayId(),
              route.networkInterfaceId(),
              route.instanceId()));
    }
    if (routes.size() > ROUTES_MAX) {
      throw Refused.conflict(
          "route_limit_exceeded", "A route table has at most " + ROUTES_MAX + " routes");
    }
    tables.routeTables.update(table.with(routes));
  }

  /// What is done to a route.
  public enum Change {
    ADD,
    REPLACE,
    REMOVE
  }

  private void requireTarget(Scope scope, RouteTable table, RouteTable.Route route) {
    long targets =
        Stream.of(route.gatewayId(), route.networkInterfaceId(), route.instanceId())
            .filter(Objects::nonNull)
            .count();
    if (targets != 1) {
      throw Refused.invalid(
          targets == 0 ? "missing_field" : "invalid_parameter_combination",
          "GatewayId",
          "The request must contain exactly one of gatewayId, networkInterfaceId, instanceId");
    }
    String target;
    String network;
    if (route.gatewayId() != null) {
      InternetGateway gateway = tables.gateways.require(scope, route.gatewayId());
      target = "network gateway " + gateway.id();
      network = String.valueOf(gateway.vpcId());
    } else if (route.networkInterfaceId() != null) {
      NetworkInterface card = tables.interfaces.require(scope, route.networkInterfaceId());
      target = "interface " + card.id();
      network = card.vpcId();
    } else {
      String instance = ResourceKind.INSTANCE.checked(String.valueOf(route.instanceId()));
      NetworkInterface card =
          tables.interfaces.where(scope, "instance_id = ? AND device_index = 0", instance).stream()
              .findFirst()
              .orElseThrow(() -> ResourceKind.INSTANCE.unknown(instance));
      target = "instance " + instance;
      network = card.vpcId();
    }
    if (!network.equals(table.vpcId())) {
      throw Refused.invalid(
          "GatewayId",
          "route table " + table.id() + " and " + target + " belong to different networks");
    }
  }
}
