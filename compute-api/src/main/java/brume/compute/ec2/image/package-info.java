/// The actions on images.
@NullMarked
package brume.compute.ec2.image;

import org.jspecify.annotations.NullMarked;
