/// Answers where something would go without anything going there. It owns the question's endpoint
/// and its limits; it does not own the planner, nor does it write anything.
@NullMarked
package brume.scheduler.forecast;

import org.jspecify.annotations.NullMarked;
