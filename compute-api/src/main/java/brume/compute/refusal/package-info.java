/// What is refused and why, as one sealed type, and the checks that refuse a wrong value. It does
/// not own how a refusal looks to a client: each door maps it once.
@NullMarked
package brume.compute.refusal;

import org.jspecify.annotations.NullMarked;
