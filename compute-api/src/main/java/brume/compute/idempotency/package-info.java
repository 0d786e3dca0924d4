/// The first answers of requests that carried a key, kept so that asking again never does a thing
/// twice. It does not own what the requests do.
@NullMarked
package brume.compute.idempotency;

import org.jspecify.annotations.NullMarked;
