/// Background loops: woken by a signal and by a period, without input, idempotent, each round
/// bounded. It does not own what a round does.
@NullMarked
package brume.compute.loop;

import org.jspecify.annotations.NullMarked;
