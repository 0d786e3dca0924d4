/// The actions on networks: virtual networks, subnets, security groups, interfaces, gateways,
/// routes and addresses.
@NullMarked
package brume.compute.ec2.network;

import org.jspecify.annotations.NullMarked;
