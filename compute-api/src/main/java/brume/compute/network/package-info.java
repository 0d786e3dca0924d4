/// Networks as objects: virtual networks, subnets, security groups with their rules, interfaces,
/// gateways, route tables and public addresses, with EC2's rules of what may hang on what. It owns
/// what is written down; it does not own packets: no data plane enforces any of it yet.
@NullMarked
package brume.compute.network;

import org.jspecify.annotations.NullMarked;
