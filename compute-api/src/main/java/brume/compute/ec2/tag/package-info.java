/// The actions on tags of whatever has an id.
@NullMarked
package brume.compute.ec2.tag;

import org.jspecify.annotations.NullMarked;
