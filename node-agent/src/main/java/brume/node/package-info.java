/// The node agent as a service: it owns its configuration and its life from start to shutdown. What
/// it does is in the packages below: `vm` holds the VMs, `sync` talks to the scheduler,
/// `hypervisor` runs guests, `image` fetches boot content, `capacity` measures the host, `web`
/// answers HTTP.
@NullMarked
package brume.node;

import org.jspecify.annotations.NullMarked;
