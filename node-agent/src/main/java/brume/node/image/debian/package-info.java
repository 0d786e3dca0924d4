/// Makes the image `debian-micro` out of Debian's own packages: it owns the way to a mirror, the
/// check of Debian's signatures and digests, the reading of its packages, and what the guest's
/// first user space holds. It does not own where the image is kept or when it is made
/// (`brume.node.image` does). Nothing but a JDK is used; every byte from the network is hostile
/// until its digest hangs on a signature.
@NullMarked
package brume.node.image.debian;

import org.jspecify.annotations.NullMarked;
