/// Where instances go: a snapshot of the fleet and the demands go in, a plan comes out. It owns the
/// choice of node and the words of a refusal. It does not own a clock, a database or the truth: a
/// plan is a proposal that the fleet's store checks again when it commits.
@NullMarked
package brume.scheduler.placement;

import org.jspecify.annotations.NullMarked;
