/// Makes bytecode of guest code that runs often: what a region looks like, how each instruction is
/// written, and the thread and cache for it. Owns no machine state: what it makes depends on the
/// guest's code alone and is shared by all guests that run the same.
@NullMarked
package brume.hypervisor.translator;

import org.jspecify.annotations.NullMarked;
