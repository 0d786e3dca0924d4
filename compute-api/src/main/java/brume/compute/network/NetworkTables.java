package brume.compute.network;

import brume.compute.resource.OwnedTable;
import brume.compute.resource.ResourceKind;
import org.springframework.stereotype.Component;

/// The tables of this feature, which nothing else writes; whoever looks may use them.
@Component
public class NetworkTables {
  public final OwnedTable<Vpc> vpcs;
  public final OwnedTable<Subnet> subnets;
  public final OwnedTable<SecurityGroup> groups;
  public final OwnedTable<SecurityGroupRule> rules;
  public final OwnedTable<NetworkInterface> interfaces;
  public final OwnedTable<InternetGateway> gateways;
  public final OwnedTable<RouteTable> routeTables;
  public final OwnedTable<RouteTableAssociation> associations;
  public final OwnedTable<Address> addresses;
  public final OwnedTable<NetworkAcl> acls;
  public final OwnedTable<NetworkAcl.Association> aclAssociations;
  public final OwnedTable<DhcpOptions> dhcpOptions;

  NetworkTables(OwnedTable.Factory tables) {
    vpcs = tables.table("compute.vpc", Vpc.class, ResourceKind.VPC);
    subnets = tables.table("compute.subnet", Subnet.class, ResourceKind.SUBNET);
    groups =
        tables.table("compute.security_group", SecurityGroup.class, ResourceKind.SECURITY_GROUP);
    rules =
        tables.table(
            "compute.security_group_rule",
            SecurityGroupRule.class,
            ResourceKind.SECURITY_GROUP_RULE);
    interfaces =
        tables.table(
            "compute.network_interface", NetworkInterface.class, ResourceKind.NETWORK_INTERFACE);
    gateways =
        tables.table(
            "compute.internet_gateway", InternetGateway.class, ResourceKind.INTERNET_GATEWAY);
    routeTables = tables.table("compute.route_table", RouteTable.class, ResourceKind.ROUTE_TABLE);
    associations =
        tables.table(
            "compute.route_table_association",
            RouteTableAssociation.class,
            ResourceKind.ROUTE_TABLE_ASSOCIATION);
    acls = tables.table("compute.network_acl", NetworkAcl.class, ResourceKind.NETWORK_ACL);
    aclAssociations =
        tables.table(
            "compute.network_acl_association",
            NetworkAcl.Association.class,
            ResourceKind.NETWORK_ACL_ASSOCIATION);
    dhcpOptions =
        tables.table("compute.dhcp_options", DhcpOptions.class, ResourceKind.DHCP_OPTIONS);
    addresses = tables.table("compute.address", Address.class, ResourceKind.ADDRESS);
  }
}
