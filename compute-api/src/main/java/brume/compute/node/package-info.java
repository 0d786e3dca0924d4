/// The cloud's nodes as its operators see them. It only reads what the scheduler publishes.
@NullMarked
package brume.compute.node;

import org.jspecify.annotations.NullMarked;
