/// What the front door asks the scheduler before a launch, over HTTP as JSON: where would these go.
/// It owns the shapes and their limits; the scheduler owns the plan, which binds nobody.
@NullMarked
package brume.contract.plan;

import org.jspecify.annotations.NullMarked;
