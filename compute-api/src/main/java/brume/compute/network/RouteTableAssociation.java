package brume.compute.network;

import brume.compute.resource.Resource;
import org.jspecify.annotations.Nullable;

/// Which table a subnet follows; the one without a subnet is what all others follow.
public record RouteTableAssociation(
    String id,
    String accountId,
    String region,
    String routeTableId,
    String vpcId,
    @Nullable String subnetId)
    implements Resource {}
