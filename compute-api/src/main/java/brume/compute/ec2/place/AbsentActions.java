package brume.compute.ec2.place;

import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Required;
import brume.compute.ec2.wire.Text;
import brume.compute.network.NetworkTables;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// What EC2 has and this cloud has not, where common clients look for it without being asked to:
/// nobody has any, so the lists are empty and every id is unknown.
@Component
class AbsentActions implements Ec2Actions {
  private final NetworkTables networks;

  AbsentActions(NetworkTables networks) {
    this.networks = networks;
  }

  private static void none(List<String> ids, List<Filter> filters, String code, String what) {
    Filters.check(filters);
    if (!ids.isEmpty()) {
      throw new Ec2Fault(
          code, what + " '" + Text.shown(String.join(", ", ids)) + "' does not exist");
    }
  }

  record DescribeIamInstanceProfileAssociations(
      List<String> associationId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record IamInstanceProfileAssociationsAnswer(List<String> iamInstanceProfileAssociationSet) {}

  public IamInstanceProfileAssociationsAnswer describeIamInstanceProfileAssociations(
      Ec2Call call, DescribeIamInstanceProfileAssociations request) {
    none(
        request.associationId(),
        request.filter(),
        "InvalidAssociationID.NotFound",
        "The association ID");
    return new IamInstanceProfileAssociationsAnswer(List.of());
  }

  record DescribeNatGateways(
      List<String> natGatewayId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record NatGatewaysAnswer(List<String> natGatewaySet) {}

  public NatGatewaysAnswer describeNatGateways(Ec2Call call, DescribeNatGateways request) {
    none(request.natGatewayId(), request.filter(), "NatGatewayNotFound", "The Nat Gateway");
    return new NatGatewaysAnswer(List.of());
  }

  record DescribeVpcEndpoints(
      List<String> vpcEndpointId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record VpcEndpointsAnswer(List<String> vpcEndpointSet) {}

  public VpcEndpointsAnswer describeVpcEndpoints(Ec2Call call, DescribeVpcEndpoints request) {
    none(
        request.vpcEndpointId(),
        request.filter(),
        "InvalidVpcEndpointId.NotFound",
        "The Vpc Endpoint Id");
    return new VpcEndpointsAnswer(List.of());
  }

  record DescribeVpcPeeringConnections(
      List<String> vpcPeeringConnectionId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record VpcPeeringConnectionsAnswer(List<String> vpcPeeringConnectionSet) {}

  public VpcPeeringConnectionsAnswer describeVpcPeeringConnections(
      Ec2Call call, DescribeVpcPeeringConnections request) {
    none(
        request.vpcPeeringConnectionId(),
        request.filter(),
        "InvalidVpcPeeringConnectionID.NotFound",
        "The vpcPeeringConnection ID");
    return new VpcPeeringConnectionsAnswer(List.of());
  }

  record DescribeVpnGateways(List<String> vpnGatewayId, List<Filter> filter) {}

  record VpnGatewaysAnswer(List<String> vpnGatewaySet) {}

  public VpnGatewaysAnswer describeVpnGateways(Ec2Call call, DescribeVpnGateways request) {
    none(
        request.vpnGatewayId(),
        request.filter(),
        "InvalidVpnGatewayID.NotFound",
        "The vpnGateway ID");
    return new VpnGatewaysAnswer(List.of());
  }

  record DescribeEgressOnlyInternetGateways(
      List<String> egressOnlyInternetGatewayId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record EgressOnlyInternetGatewaysAnswer(List<String> egressOnlyInternetGatewaySet) {}

  public EgressOnlyInternetGatewaysAnswer describeEgressOnlyInternetGateways(
      Ec2Call call, DescribeEgressOnlyInternetGateways request) {
    none(
        request.egressOnlyInternetGatewayId(),
        request.filter(),
        "InvalidGatewayID.NotFound",
        "The gateway ID");
    return new EgressOnlyInternetGatewaysAnswer(List.of());
  }

  record DescribePrefixLists(
      List<String> prefixListId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record PrefixListsAnswer(List<String> prefixListSet) {}

  public PrefixListsAnswer describePrefixLists(Ec2Call call, DescribePrefixLists request) {
    none(
        request.prefixListId(),
        request.filter(),
        "InvalidPrefixListID.NotFound",
        "The prefix list ID");
    return new PrefixListsAnswer(List.of());
  }

  record DescribeManagedPrefixLists(
      List<String> prefixListId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record ManagedPrefixListsAnswer(List<String> prefixListSet) {}

  public ManagedPrefixListsAnswer describeManagedPrefixLists(
      Ec2Call call, DescribeManagedPrefixLists request) {
    none(
        request.prefixListId(),
        request.filter(),
        "InvalidPrefixListID.NotFound",
        "The prefix list ID");
    return new ManagedPrefixListsAnswer(List.of());
  }

  record DescribeHosts(
      List<String> hostId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record HostsAnswer(List<String> hostSet) {}

  public HostsAnswer describeHosts(Ec2Call call, DescribeHosts request) {
    none(request.hostId(), request.filter(), "InvalidHostID.NotFound", "The host ID");
    return new HostsAnswer(List.of());
  }

  record DescribeCapacityReservations(
      List<String> capacityReservationId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record CapacityReservationsAnswer(List<String> capacityReservationSet) {}

  public CapacityReservationsAnswer describeCapacityReservations(
      Ec2Call call, DescribeCapacityReservations request) {
    none(
        request.capacityReservationId(),
        request.filter(),
        "InvalidCapacityReservationId.NotFound",
        "The capacity reservation");
    return new CapacityReservationsAnswer(List.of());
  }

  record DescribeSpotInstanceRequests(
      List<String> spotInstanceRequestId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record SpotInstanceRequestsAnswer(List<String> spotInstanceRequestSet) {}

  public SpotInstanceRequestsAnswer describeSpotInstanceRequests(
      Ec2Call call, DescribeSpotInstanceRequests request) {
    none(
        request.spotInstanceRequestId(),
        request.filter(),
        "InvalidSpotInstanceRequestID.NotFound",
        "The spot instance request ID");
    return new SpotInstanceRequestsAnswer(List.of());
  }

  record DescribeFlowLogs(
      List<String> flowLogId,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record FlowLogsAnswer(List<String> flowLogSet) {}

  public FlowLogsAnswer describeFlowLogs(Ec2Call call, DescribeFlowLogs request) {
    none(request.flowLogId(), request.filter(), "InvalidFlowLogId.NotFound", "The flow log ID");
    return new FlowLogsAnswer(List.of());
  }

  record DescribeStaleSecurityGroups(
      @Required String vpcId, @Nullable Integer maxResults, @Nullable String nextToken) {}

  record StaleSecurityGroupsAnswer(List<String> staleSecurityGroupSet) {}

  /// Rules go stale with peerings, and there are none.
  public StaleSecurityGroupsAnswer describeStaleSecurityGroups(
      Ec2Call call, DescribeStaleSecurityGroups request) {
    networks.vpcs.require(call.scope(), request.vpcId());
    return new StaleSecurityGroupsAnswer(List.of());
  }
}
