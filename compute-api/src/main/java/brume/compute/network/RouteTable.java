package brume.compute.network;

import brume.compute.resource.Resource;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where packets of a virtual network's subnets go, beside the network itself.
public record RouteTable(
    String id, String accountId, String region, String vpcId, List<Route> routes, Instant createdAt)
    implements Resource {
  public RouteTable {
    routes = List.copyOf(routes);
  }

  /// One destination, by way of one target.
  public record Route(
      String destination,
      @Nullable String gatewayId,
      @Nullable String networkInterfaceId,
      @Nullable String instanceId) {}

  public RouteTable with(List<Route> newRoutes) {
    return new RouteTable(id, accountId, region, vpcId, newRoutes, createdAt);
  }
}
