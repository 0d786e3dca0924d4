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
import brume.compute.ec2.wire.Required;
import brume.compute.network.GatewayCommands;
import brume.compute.network.NetworkTables;
import brume.compute.network.RouteTable;
import brume.compute.network.RouteTableAssociation;
import brume.compute.resource.Tagged;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// CreateRouteTable, DeleteRouteTable, DescribeRouteTables, AssociateRouteTable,
/// DisassociateRouteTable, CreateRoute, ReplaceRoute, DeleteRoute.
@Component
class RouteTableActions implements Ec2Actions {
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

  private RouteTableShape shape(
      Ec2Call call, Tagged<RouteTable> tagged, List<RouteTableAssociation> associations) {
    RouteTable table = tagged.row();
    List<RouteShape> routes = new ArrayList<>();
    String block = tables.vpcs.require(call.scope(), table.vpcId()).cidrBlock();
    routes.add(new RouteShape(block, "local", null, "active", "CreateRouteTable"));
    for (RouteTable.Route route : table.routes()) {
      routes.add(
          new RouteShape(
              route.destination(),
              route.gatewayId(),
              route.networkInterfaceId(),
              "active",
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
      @Nullable String clientToken,
      List<TagSpecification> tagSpecification) {}

  record CreateRouteTableAnswer(RouteTableShape routeTable) {}

  public CreateRouteTableAnswer createRouteTable(Ec2Call call, CreateRouteTable request) {
    defaults.ensure(call);
    Tagged<RouteTable> made =
        commands.createTable(
            call.scope(),
            request.vpcId(),
            TagSpecification.of("route-table", request.tagSpecification()));
    return new CreateRouteTableAnswer(shape(call, made, List.of()));
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
    Pages.Page<Tagged<RouteTable>> page =
        Listing.of(
            call,
            tables.routeTables,
            filters(byTable),
            new Listing.Asked(
                request.routeTableId(),
                request.filter(),
                request.maxResults(),
                request.nextToken()));
    return new DescribeRouteTablesAnswer(
        page.items().stream()
            .map(table -> shape(call, table, byTable.getOrDefault(table.row().id(), List.of())))
            .toList(),
        page.nextToken());
  }

  private static Filters<Tagged<RouteTable>> filters(
      Map<String, List<RouteTableAssociation>> byTable) {
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
            table -> table.row().routes().stream().map(RouteTable.Route::destination))
        .onAny(
            "route.gateway-id",
            table ->
                table.row().routes().stream()
                    .filter(route -> route.gatewayId() != null)
                    .map(route -> String.valueOf(route.gatewayId())))
        .onTags(Tagged::tags);
  }

  private static List<RouteTableAssociation> of(
      Map<String, List<RouteTableAssociation>> byTable, Tagged<RouteTable> table) {
    return byTable.getOrDefault(table.row().id(), List.of());
  }

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

  record RouteWanted(
      @Required String routeTableId,
      @Required String destinationCidrBlock,
      @Nullable String gatewayId,
      @Nullable String networkInterfaceId) {}

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
        new RouteTable.Route("", request.gatewayId(), request.networkInterfaceId(), null),
        change);
    return Done.TRUE;
  }

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
