/// The cloud's nodes as its operators see them, read from what the scheduler publishes, and what
/// they want of them (`compute.node_intent`), which the scheduler follows.
@NullMarked
package brume.compute.node;

import org.jspecify.annotations.NullMarked;
