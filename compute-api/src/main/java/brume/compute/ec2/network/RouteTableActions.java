package brume.compute.ec2.network;

import brume.compute.ec2.Done;
import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.filter.Listing;
import brume.compute.ec2.filter.Pages;
import brume.compute.ec2.shape.Tag;
import brume.compute.ec2.shape.TagSpecification;
import brume.compute.ec2.wire.NotHere;
import brume.compute.ec2.wire.Once;
import brume.compute.ec2.wire.Required;
import brume.compute.network.GatewayCommands;
import brume.compute.network.NetworkInterface;
import brume.compute.network.NetworkTables;
import brume.compute.network.RouteTable;
import brume.compute.network.RouteTableAssociation;
import brume.compute.network.Vpc;
import brume.compute.resource.Tagged;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// CreateRouteTable, DeleteRouteTable, DescribeRouteTables, AssociateRouteTable,
/// DisassociateRouteTable, ReplaceRouteTableAssociation, CreateRoute, ReplaceRoute, DeleteRoute.
@Component
class RouteTableActions implements Ec2Actions {
  private static final String TARGET =
      "instance_id IS NOT NULL AND EXISTS (SELECT FROM compute.route_table t WHERE"
          + " t.account_id = network_interface.account_id AND t.vpc_id = network_interface.vpc_id"
          + " AND t.routes @> jsonb_build_array("
          + "jsonb_build_object('networkInterfaceId', network_interface.id)))";

  private final NetworkTables tables;
  private final GatewayCommands commands;
  private final Defaults defaults;

  RouteTableActions(NetworkTables tables, GatewayCommands commands, Defaults defaults) {
    this.tables = tables;
    this.commands = commands;
    this.defaults = defaults;
  }

  record RouteShape(
      String destinationCidrBlock,
      @Nullable String gatewayId,
      @Nullable String networkInterfaceId,
      @Nullable String instanceId,
      @Nullable String instanceOwnerId,
      String state,
      String origin) {}

  record StateShape(String state) {}

  record AssociationShape(
      String routeTableAssociationId,
      String routeTableId,
      @Nullable String subnetId,
      boolean main,
      StateShape associationState) {}

  record RouteTableShape(
      String routeTableId,
      String vpcId,
      String ownerId,
      List<RouteShape> routeSet,
      List<AssociationShape> associationSet,
      List<String> propagatingVgwSet,
      List<Tag> tagSet) {}

  /// Targets that take packets: gateways of the network, interfaces on instances.
  private Set<String> reachable(Ec2Call call) {
    return Stream.concat(
            tables.gateways.where(call.scope(), "vpc_id IS NOT NULL").stream()
                .map(gateway -> gateway.id() + gateway.vpcId()),
            tables.interfaces.where(call.scope(), TARGET).stream().map(NetworkInterface::id))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static String state(RouteTable table, RouteTable.Route route, Set<String> reachable) {
    return reachable.contains(route.gatewayId() + table.vpcId())
            || reachable.contains(String.valueOf(route.networkInterfaceId()))
        ? "active"
        : "blackhole";
  }

  private RouteTableShape shape(
      Ec2Call call,
      Tagged<RouteTable> tagged,
      List<RouteTableAssociation> associations,
      Set<String> reachable) {
    RouteTable table = tagged.row();
    List<RouteShape> routes = new ArrayList<>();
    Vpc vpc = tables.vpcs.require(call.scope(), table.vpcId());
    for (Vpc.Block block : vpc.blocks()) {
      routes.add(
          new RouteShape(
              block.cidrBlock(), "local", null, null, null, "active", "CreateRouteTable"));
    }
    for (RouteTable.Route route : table.routes()) {
      routes.add(
          new RouteShape(
              route.destination(),
              route.gatewayId(),
              route.networkInterfaceId(),
              route.instanceId(),
              route.instanceId() == null ? null : table.accountId(),
              state(table, route, reachable),
              "CreateRoute"));
    }
    return new RouteTableShape(
        table.id(),
        table.vpcId(),
        table.accountId(),
        routes,
        associations.stream()
            .map(association ->
                new AssociationShape(
                    association.id(),
                    table.id(),
                    association.subnetId(),
                    association.subnetId() == null,
                    new StateShape("associated")))
            .toList(),
        List.of(),
        Tag.of(tagged.tags()));
  }

  record CreateRouteTable(
      @Required String vpcId,
      @Once @Nullable String clientToken,
      List<TagSpecification> tagSpecification) {}

  record CreateRouteTableAnswer(RouteTableShape routeTable, @Nullable String clientToken) {}

  public CreateRouteTableAnswer createRouteTable(Ec2Call call, CreateRouteTable request) {
    defaults.ensure(call);
    Tagged<RouteTable> made =
        commands.createTable(
            call.scope(),
            request.vpcId(),
            TagSpecification.of("route-table", request.tagSpecification()));
    return new CreateRouteTableAnswer(
        shape(call, made, List.of(), Set.of()), request.clientToken());
  }

  record DeleteRouteTable(@Required String routeTableId) {}

  public Done deleteRouteTable(Ec2Call call, DeleteRouteTable request) {
    commands.deleteTable(call.scope(), request.routeTableId());
    return Done.TRUE;
  }

  record DescribeRouteTables(
      List<String> routeTableId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record DescribeRouteTablesAnswer(
      List<RouteTableShape> routeTableSet, @Nullable String nextToken) {}

  public DescribeRouteTablesAnswer describeRouteTables(Ec2Call call, DescribeRouteTables request) {
    defaults.ensure(call);
    Map<String, List<RouteTableAssociation>> byTable =
        tables.associations.all(call.scope()).stream()
            .collect(Collectors.groupingBy(RouteTableAssociation::routeTableId));
    Set<String> reachable = reachable(call);
    Pages.Page<Tagged<RouteTable>> page =
        Listing.of(
            call,
            tables.routeTables,
            filters(byTable, blocks(call), reachable),
            new Listing.Asked(
                request.routeTableId(),
                request.filter(),
                request.maxResults(),
                request.nextToken()));
    return new DescribeRouteTablesAnswer(
        page.items().stream()
            .map(table ->
                shape(call, table, byTable.getOrDefault(table.row().id(), List.of()), reachable))
            .toList(),
        page.nextToken());
  }

  private static Filters<Tagged<RouteTable>> filters(
      Map<String, List<RouteTableAssociation>> byTable,
      Map<String, String> blocks,
      Set<String> reachable) {
    return new Filters<Tagged<RouteTable>>()
        .on("route-table-id", table -> table.row().id())
        .on("vpc-id", table -> table.row().vpcId())
        .on("owner-id", table -> table.row().accountId())
        .onAny(
            "association.route-table-association-id",
            table -> of(byTable, table).stream().map(RouteTableAssociation::id))
        .onAny(
            "association.route-table-id",
            table -> of(byTable, table).stream().map(RouteTableAssociation::routeTableId))
        .onAny(
            "association.subnet-id",
            table ->
                of(byTable, table).stream()
                    .filter(association -> association.subnetId() != null)
                    .map(association -> String.valueOf(association.subnetId())))
        .onAny(
            "association.main",
            table ->
                of(byTable, table).stream()
                    .map(association -> String.valueOf(association.subnetId() == null)))
        .onAny(
            "route.destination-cidr-block",
            table ->
                Stream.concat(
                    Stream.ofNullable(blocks.get(table.row().vpcId())),
                    table.row().routes().stream().map(RouteTable.Route::destination)))
        .onAny(
            "route.gateway-id",
            table -> Stream.concat(Stream.of("local"), each(table, RouteTable.Route::gatewayId)))
        .onAny("route.instance-id", table -> each(table, RouteTable.Route::instanceId))
        .onAny(
            "route.state",
            table ->
                Stream.concat(
                    Stream.of("active"),
                    each(table, route -> state(table.row(), route, reachable))))
        .onAny(
            "route.origin",
            table ->
                Stream.concat(Stream.of("CreateRouteTable"), each(table, route -> "CreateRoute")))
        .never(
            "association.gateway-id",
            "route.destination-ipv6-cidr-block",
            "route.destination-prefix-list-id",
            "route.egress-only-internet-gateway-id",
            "route.nat-gateway-id",
            "route.transit-gateway-id",
            "route.vpc-peering-connection-id")
        .onTags(Tagged::tags);
  }

  /// The blocks of networks, by their ids.
  private Map<String, String> blocks(Ec2Call call) {
    return tables.vpcs.all(call.scope()).stream()
        .collect(Collectors.toMap(Vpc::id, Vpc::cidrBlock));
  }

  private static Stream<String> each(
      Tagged<RouteTable> table, Function<RouteTable.Route, @Nullable String> part) {
    return table.row().routes().stream().map(part).filter(Objects::nonNull).map(String::valueOf);
  }

  private static List<RouteTableAssociation> of(
      Map<String, List<RouteTableAssociation>> byTable, Tagged<RouteTable> table) {
    return byTable.getOrDefault(table.row().id(), List.of());
  }

  @NotHere({"GatewayId", "PublicIpv4Pool"})
  record AssociateRouteTable(@Required String routeTableId, @Required String subnetId) {}

  record AssociateRouteTableAnswer(String associationId, StateShape associationState) {}

  public AssociateRouteTableAnswer associateRouteTable(Ec2Call call, AssociateRouteTable request) {
    RouteTableAssociation made =
        commands.associate(call.scope(), request.routeTableId(), request.subnetId());
    return new AssociateRouteTableAnswer(made.id(), new StateShape("associated"));
  }

  record DisassociateRouteTable(@Required String associationId) {}

  public Done disassociateRouteTable(Ec2Call call, DisassociateRouteTable request) {
    commands.disassociate(call.scope(), request.associationId());
    return Done.TRUE;
  }

  record ReplaceRouteTableAssociation(
      @Required String associationId, @Required String routeTableId) {}

  record ReplaceAssociationAnswer(String newAssociationId, StateShape associationState) {}

  public ReplaceAssociationAnswer replaceRouteTableAssociation(
      Ec2Call call, ReplaceRouteTableAssociation request) {
    RouteTableAssociation made =
        commands.replace(call.scope(), request.associationId(), request.routeTableId());
    return new ReplaceAssociationAnswer(made.id(), new StateShape("associated"));
  }

  @NotHere({
    "DestinationPrefixListId",
    "DestinationIpv6CidrBlock",
    "VpcEndpointId",
    "TransitGatewayId",
    "LocalGatewayId",
    "LocalTarget",
    "CarrierGatewayId",
    "CoreNetworkArn",
    "OdbNetworkArn",
    "EgressOnlyInternetGatewayId",
    "VpcPeeringConnectionId",
    "NatGatewayId"
  })
  record RouteWanted(
      @Required String routeTableId,
      @Required String destinationCidrBlock,
      @Nullable String gatewayId,
      @Nullable String networkInterfaceId,
      @Nullable String instanceId) {}

  public Done createRoute(Ec2Call call, RouteWanted request) {
    return change(call, request, GatewayCommands.Change.ADD);
  }

  public Done replaceRoute(Ec2Call call, RouteWanted request) {
    return change(call, request, GatewayCommands.Change.REPLACE);
  }

  private Done change(Ec2Call call, RouteWanted request, GatewayCommands.Change change) {
    commands.change(
        call.scope(),
        request.routeTableId(),
        request.destinationCidrBlock(),
        new RouteTable.Route(
            "", request.gatewayId(), request.networkInterfaceId(), request.instanceId()),
        change);
    return Done.TRUE;
  }

  @NotHere({"DestinationPrefixListId", "DestinationIpv6CidrBlock"})
  record DeleteRoute(@Required String routeTableId, @Required String destinationCidrBlock) {}

  public Done deleteRoute(Ec2Call call, DeleteRoute request) {
    commands.change(
        call.scope(),
        request.routeTableId(),
        request.destinationCidrBlock(),
        new RouteTable.Route("", null, null, null),
        GatewayCommands.Change.REMOVE);
    return Done.TRUE;
  }
}
