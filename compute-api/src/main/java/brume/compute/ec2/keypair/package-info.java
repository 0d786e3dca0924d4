/// The actions on key pairs.
@NullMarked
package brume.compute.ec2.keypair;

import org.jspecify.annotations.NullMarked;
