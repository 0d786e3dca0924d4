/// Shapes that many actions share.
@NullMarked
package brume.compute.ec2.shape;

import org.jspecify.annotations.NullMarked;
