/// Boot images on a node: it owns what an image source means, the user's image cache, and the
/// archives a guest's first user space is made of. It does not own where Debian's packages come
/// from (`debian` does), running guests, or the images that users register in the API.
@NullMarked
package brume.node.image;

import org.jspecify.annotations.NullMarked;
