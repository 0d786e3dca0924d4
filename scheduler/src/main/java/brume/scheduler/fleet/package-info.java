/// The fleet as it is stored: nodes, allocations, VMs, leases, and the log of transitions. It owns
/// schema `scheduling` and every write to it, and the rounds that move it: placing and watching
/// leases. It does not own the choice of a node (`placement`), what nodes say and hear (`sync`), or
/// any intent, which it reads through the view `compute.instance_intent`.
@NullMarked
package brume.scheduler.fleet;

import org.jspecify.annotations.NullMarked;
