package brume.compute;

import static brume.compute.Ec2Clients.filter;
import static brume.compute.Ec2Clients.refusal;
import static brume.compute.Ec2Clients.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DhcpOptions;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.NetworkAcl;
import software.amazon.awssdk.services.ec2.model.NetworkAclEntry;
import software.amazon.awssdk.services.ec2.model.NewDhcpConfiguration;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.RouteTableAssociation;
import software.amazon.awssdk.services.ec2.model.RuleAction;

/// Gateways, routes, network ACLs, DHCP options and placement groups through the EC2 door, by AWS'
/// own client, in a network of the test's own account.
@ExtendWith(SharedCloud.class)
final class Ec2RoutingDbTest {
  private static Ec2Client ec2;
  private static String vpc;
  private static String subnet;
  private static String gateway;

  @BeforeAll
  static void start() {
    ec2 = new Ec2Clients(SharedCloud.get()).newAccount("routing");
    vpc = ec2.createVpc(request -> request.cidrBlock("10.20.0.0/16")).vpc().vpcId();
    subnet = subnet("10.20.1.0/24", "us-east-1a");
    gateway = ec2.createInternetGateway(request -> {}).internetGateway().internetGatewayId();
    ec2.attachInternetGateway(request -> request.internetGatewayId(gateway).vpcId(vpc));
  }

  @AfterAll
  static void stop() {
    ec2.close();
  }

  private static String subnet(String block, String zone) {
    return ec2.createSubnet(request -> request.vpcId(vpc).cidrBlock(block).availabilityZone(zone))
        .subnet()
        .subnetId();
  }

  private static Instance launch() {
    return ec2.runInstances(request ->
            request
                .imageId("ami-00000000000000001")
                .instanceType("e1.nano")
                .minCount(1)
                .maxCount(1)
                .subnetId(subnet))
        .instances()
        .getFirst();
  }

  @Test
  void aGatewayIsAttachedToOneNetworkAndANetworkToOneGateway() {
    String second = ec2.createInternetGateway(request -> {}).internetGateway().internetGatewayId();
    assertThat(
            refused(() ->
                ec2.attachInternetGateway(request -> request.internetGatewayId(second).vpcId(vpc))))
        .isEqualTo("InvalidParameterValue");
    assertThat(
            refused(() ->
                ec2.attachInternetGateway(
                    request -> request.internetGatewayId(gateway).vpcId(vpc))))
        .isEqualTo("Resource.AlreadyAssociated");
    assertThat(
            refused(() ->
                ec2.detachInternetGateway(request -> request.internetGatewayId(second).vpcId(vpc))))
        .isEqualTo("Gateway.NotAttached");
    assertThat(
            refused(() -> ec2.deleteInternetGateway(request -> request.internetGatewayId(gateway))))
        .isEqualTo("DependencyViolation");
    assertThat(
            ec2.describeInternetGateways(
                    request -> request.filters(filter("attachment.vpc-id", vpc)))
                .internetGateways()
                .getFirst()
                .attachments()
                .getFirst()
                .stateAsString())
        .isEqualTo("available");
    ec2.deleteInternetGateway(request -> request.internetGatewayId(second));
    assertThat(
            refused(
                () -> ec2.describeInternetGateways(request -> request.internetGatewayIds(second))))
        .isEqualTo("InvalidInternetGatewayID.NotFound");
  }

  @Test
  void routesLeadSomewhereAndTablesAreFollowed() {
    String table = ec2.createRouteTable(request -> request.vpcId(vpc)).routeTable().routeTableId();
    ec2.createRoute(request ->
        request.routeTableId(table).destinationCidrBlock("0.0.0.0/0").gatewayId(gateway));
    assertThat(
            refusal(() ->
                ec2.createRoute(request ->
                    request
                        .routeTableId(table)
                        .destinationCidrBlock("0.0.0.0/0")
                        .gatewayId(gateway))))
        .isEqualTo("RouteAlreadyExists: The route identified by 0.0.0.0/0 already exists.");
    assertThat(
            refused(() ->
                ec2.createRoute(
                    request -> request.routeTableId(table).destinationCidrBlock("1.0.0.0/8"))))
        .isEqualTo("MissingParameter");
    assertThat(
            refused(() ->
                ec2.createRoute(request ->
                    request
                        .routeTableId(table)
                        .destinationCidrBlock("1.0.0.0/8")
                        .natGatewayId("nat-0123456789abcdef0"))))
        .isEqualTo("UnsupportedOperation");
    String instance = launch().instanceId();
    ec2.replaceRoute(request ->
        request.routeTableId(table).destinationCidrBlock("0.0.0.0/0").instanceId(instance));
    assertThat(table(table).routes())
        .extracting(Route::destinationCidrBlock, Route::gatewayId, Route::instanceId)
        .containsExactly(tuple("10.20.0.0/16", "local", null), tuple("0.0.0.0/0", null, instance));
    ec2.deleteRoute(request -> request.routeTableId(table).destinationCidrBlock("0.0.0.0/0"));
    assertThat(
            refused(() ->
                ec2.deleteRoute(
                    request -> request.routeTableId(table).destinationCidrBlock("0.0.0.0/0"))))
        .isEqualTo("InvalidRoute.NotFound");
    String part = subnet("10.20.2.0/24", "us-east-1b");
    String association =
        ec2.associateRouteTable(request -> request.routeTableId(table).subnetId(part))
            .associationId();
    assertThat(refused(() -> ec2.deleteRouteTable(request -> request.routeTableId(table))))
        .isEqualTo("DependencyViolation");
    String second =
        ec2.createRouteTable(request -> request.vpcId(vpc).clientToken("table-2"))
            .routeTable()
            .routeTableId();
    assertThat(
            ec2.createRouteTable(request -> request.vpcId(vpc).clientToken("table-2"))
                .routeTable()
                .routeTableId())
        .isEqualTo(second);
    String moved =
        ec2.replaceRouteTableAssociation(
                request -> request.associationId(association).routeTableId(second))
            .newAssociationId();
    assertThat(moved).isNotEqualTo(association);
    assertThat(table(second).associations())
        .extracting(RouteTableAssociation::subnetId)
        .containsExactly(part);
    RouteTable main =
        ec2.describeRouteTables(request ->
                request.filters(filter("vpc-id", vpc), filter("association.main", "true")))
            .routeTables()
            .getFirst();
    String mainAssociation = main.associations().getFirst().routeTableAssociationId();
    assertThat(
            refused(() ->
                ec2.disassociateRouteTable(request -> request.associationId(mainAssociation))))
        .isEqualTo("InvalidParameterValue");
    String again =
        ec2.replaceRouteTableAssociation(
                request -> request.associationId(mainAssociation).routeTableId(table))
            .newAssociationId();
    assertThat(table(table).associations().getFirst().main()).isTrue();
    ec2.replaceRouteTableAssociation(
        request -> request.associationId(again).routeTableId(main.routeTableId()));
    ec2.disassociateRouteTable(request -> request.associationId(moved));
    ec2.deleteRouteTable(request -> request.routeTableId(second));
    ec2.deleteRouteTable(request -> request.routeTableId(table));
    ec2.deleteSubnet(request -> request.subnetId(part));
  }

  private static RouteTable table(String id) {
    return ec2.describeRouteTables(request -> request.routeTableIds(id)).routeTables().getFirst();
  }

  @Test
  void aNetworkAclHasNumberedEntriesAndSubnetsFollowOne() {
    NetworkAcl usual =
        ec2.describeNetworkAcls(
                request -> request.filters(filter("vpc-id", vpc), filter("default", "true")))
            .networkAcls()
            .getFirst();
    assertThat(usual.entries())
        .extracting(NetworkAclEntry::egress, NetworkAclEntry::ruleNumber)
        .containsExactly(
            tuple(true, 100), tuple(true, 32767), tuple(false, 100), tuple(false, 32767));
    assertThat(
            refused(
                () -> ec2.deleteNetworkAcl(request -> request.networkAclId(usual.networkAclId()))))
        .isEqualTo("InvalidParameterValue");
    String acl = ec2.createNetworkAcl(request -> request.vpcId(vpc)).networkAcl().networkAclId();
    entry(acl, 110, RuleAction.ALLOW);
    assertThat(refused(() -> entry(acl, 110, RuleAction.DENY)))
        .isEqualTo("NetworkAclEntryAlreadyExists");
    ec2.replaceNetworkAclEntry(request ->
        request
            .networkAclId(acl)
            .ruleNumber(110)
            .egress(false)
            .protocol("tcp")
            .ruleAction(RuleAction.DENY)
            .cidrBlock("10.0.0.0/8")
            .portRange(ports -> ports.from(22).to(22)));
    NetworkAclEntry shown =
        ec2
            .describeNetworkAcls(request -> request.networkAclIds(acl))
            .networkAcls()
            .getFirst()
            .entries()
            .stream()
            .filter(one -> one.ruleNumber() == 110)
            .findFirst()
            .orElseThrow();
    assertThat(shown.protocol()).isEqualTo("6");
    assertThat(shown.ruleActionAsString()).isEqualTo("deny");
    assertThat(shown.portRange().from()).isEqualTo(22);
    String part = subnet("10.20.3.0/24", "us-east-1c");
    String association =
        ec2
            .describeNetworkAcls(request -> request.filters(filter("association.subnet-id", part)))
            .networkAcls()
            .getFirst()
            .associations()
            .stream()
            .filter(one -> one.subnetId().equals(part))
            .findFirst()
            .orElseThrow()
            .networkAclAssociationId();
    String moved =
        ec2.replaceNetworkAclAssociation(
                request -> request.associationId(association).networkAclId(acl))
            .newAssociationId();
    assertThat(moved).isNotEqualTo(association);
    assertThat(refused(() -> ec2.deleteNetworkAcl(request -> request.networkAclId(acl))))
        .isEqualTo("DependencyViolation");
    ec2.deleteSubnet(request -> request.subnetId(part));
    ec2.deleteNetworkAclEntry(request -> request.networkAclId(acl).ruleNumber(110).egress(false));
    assertThat(
            refused(() ->
                ec2.deleteNetworkAclEntry(
                    request -> request.networkAclId(acl).ruleNumber(110).egress(false))))
        .isEqualTo("InvalidNetworkAclEntry.NotFound");
    ec2.deleteNetworkAcl(request -> request.networkAclId(acl));
  }

  private static void entry(String acl, int number, RuleAction action) {
    ec2.createNetworkAclEntry(request ->
        request
            .networkAclId(acl)
            .ruleNumber(number)
            .egress(false)
            .protocol("-1")
            .ruleAction(action)
            .cidrBlock("0.0.0.0/0"));
  }

  @Test
  void aNetworkHasDhcpOptions() {
    String usual =
        ec2.describeVpcs(request -> request.vpcIds(vpc)).vpcs().getFirst().dhcpOptionsId();
    DhcpOptions shown =
        ec2.describeDhcpOptions(request -> request.dhcpOptionsIds(usual)).dhcpOptions().getFirst();
    assertThat(shown.dhcpConfigurations())
        .extracting(configuration -> configuration.key())
        .containsExactly("domain-name", "domain-name-servers");
    String made =
        ec2.createDhcpOptions(request ->
                request.dhcpConfigurations(
                    NewDhcpConfiguration.builder().key("ntp-servers").values("10.0.0.5").build()))
            .dhcpOptions()
            .dhcpOptionsId();
    ec2.associateDhcpOptions(request -> request.dhcpOptionsId(made).vpcId(vpc));
    assertThat(ec2.describeVpcs(request -> request.filters(filter("dhcp-options-id", made))).vpcs())
        .hasSize(1);
    assertThat(refused(() -> ec2.deleteDhcpOptions(request -> request.dhcpOptionsId(made))))
        .isEqualTo("DependencyViolation");
    ec2.associateDhcpOptions(request -> request.dhcpOptionsId("default").vpcId(vpc));
    ec2.deleteDhcpOptions(request -> request.dhcpOptionsId(made));
    assertThat(
            refused(() ->
                ec2.createDhcpOptions(request ->
                    request.dhcpConfigurations(
                        NewDhcpConfiguration.builder().key("colour").values("red").build()))))
        .isEqualTo("InvalidParameterValue");
  }

  @Test
  void aPlacementGroupHoldsInstancesAndGoesWhenItIsEmpty() {
    ec2.createPlacementGroup(request -> request.groupName("wide").strategy("spread"));
    assertThat(
            refused(() ->
                ec2.createPlacementGroup(request -> request.groupName("wide").strategy("cluster"))))
        .isEqualTo("InvalidPlacementGroup.Duplicate");
    assertThat(
            ec2.createPlacementGroup(request -> request.groupName("parts").strategy("partition"))
                .placementGroup()
                .partitionCount())
        .isEqualTo(2);
    Map<String, String> wrong =
        Map.of("cluster", "InvalidParameterValue", "tight", "InvalidParameterValue");
    wrong.forEach((strategy, code) ->
        assertThat(
                refused(() ->
                    ec2.createPlacementGroup(request ->
                        request.groupName("x" + strategy).strategy(strategy).partitionCount(3))))
            .isEqualTo(code));
    assertThat(refusal(() -> placed("nowhere")))
        .isEqualTo("InvalidPlacementGroup.Unknown: The Placement Group 'nowhere' is unknown.");
    String id = placed("wide");
    assertThat(refusal(() -> ec2.deletePlacementGroup(request -> request.groupName("wide"))))
        .isEqualTo(
            "InvalidPlacementGroup.InUse: The placement group wide is in use and may not be"
                + " deleted.");
    ec2.terminateInstances(request -> request.instanceIds(id));
    ec2.deletePlacementGroup(request -> request.groupName("wide"));
    ec2.deletePlacementGroup(request -> request.groupName("parts"));
    assertThat(refused(() -> ec2.describePlacementGroups(request -> request.groupNames("wide"))))
        .isEqualTo("InvalidPlacementGroup.Unknown");
  }

  private static String placed(String group) {
    return ec2.runInstances(request ->
            request
                .imageId("ami-00000000000000001")
                .instanceType("e1.nano")
                .minCount(1)
                .maxCount(1)
                .subnetId(subnet)
                .placement(placement -> placement.groupName(group)))
        .instances()
        .getFirst()
        .instanceId();
  }
}
