/// What may be launched: images and instance types. It does not own boot content, only its name.
@NullMarked
package brume.compute.image;

import org.jspecify.annotations.NullMarked;
