/// The actions on volumes and snapshots.
@NullMarked
package brume.compute.ec2.volume;

import org.jspecify.annotations.NullMarked;
