/// What all things of an account and region have in common: an id with a prefix, an owner, tags,
/// and what is said of one that is not there. It does not own any kind of thing; the features do.
@NullMarked
package brume.compute.resource;

import org.jspecify.annotations.NullMarked;
