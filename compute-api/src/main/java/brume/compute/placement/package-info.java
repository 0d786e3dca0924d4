/// Placement groups as names and strategies. It does not place anything: the scheduler spreads and
/// packs by its own rule yet.
@NullMarked
package brume.compute.placement;

import org.jspecify.annotations.NullMarked;
