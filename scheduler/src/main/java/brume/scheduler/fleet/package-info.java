/// The fleet as it is stored: nodes, allocations, VMs, leases, and the log of transitions. It owns
/// schema `scheduling` and every write to it, and the rounds that move it: placing, watching
/// leases, emptying nodes. It does not own the choice of a node (`placement`), what nodes say and
/// hear (`sync`), or any intent, which it reads through the views `compute.instance_intent` and
/// `compute.node_availability`.
@NullMarked
package brume.scheduler.fleet;

import org.jspecify.annotations.NullMarked;
