/// Regions and zones, as an operator configures them. It owns their names; which nodes there are is
/// the scheduler's.
@NullMarked
package brume.compute.region;

import org.jspecify.annotations.NullMarked;
