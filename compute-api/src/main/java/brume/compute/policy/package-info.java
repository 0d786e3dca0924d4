/// An account's policies as its owners write them. It does not own what they mean: that is
/// `access`, where every request is judged.
@NullMarked
package brume.compute.policy;

import org.jspecify.annotations.NullMarked;
