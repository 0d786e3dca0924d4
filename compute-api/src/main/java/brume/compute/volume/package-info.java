/// Volumes and snapshots as objects, with EC2's states and rules. It owns what is written down; it
/// does not own blocks: no data plane backs them yet, and a guest does not see them.
@NullMarked
package brume.compute.volume;

import org.jspecify.annotations.NullMarked;
