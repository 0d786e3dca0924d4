/// The actions on instances: launch, describe, changes of state, attributes, console.
@NullMarked
package brume.compute.ec2.instance;

import org.jspecify.annotations.NullMarked;
