/// What this node can carry: it owns reading the host's real memory, what the node offers, and the
/// decision to refuse a VM. It does not own placement, which the scheduler decides from the offer.
@NullMarked
package brume.node.capacity;

import org.jspecify.annotations.NullMarked;
