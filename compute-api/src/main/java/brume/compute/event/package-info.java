/// The stream of what happens to an account's instances. It owns nothing: it reads the scheduler's
/// log and remembers only who listens.
@NullMarked
package brume.compute.event;

import org.jspecify.annotations.NullMarked;
