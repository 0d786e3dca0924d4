/// The instruction set and the privileged architecture, instruction by instruction and rule by
/// rule, as tables that run on the hart and on the reference alike.
@NullMarked
package brume.hypervisor.instructions;

import org.jspecify.annotations.NullMarked;
