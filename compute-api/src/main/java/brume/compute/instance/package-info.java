/// Instances: launch, lists, changes of intent, why one waits, its console and its history. It
/// writes intent and reads facts; it never decides where an instance runs.
@NullMarked
package brume.compute.instance;

import org.jspecify.annotations.NullMarked;
