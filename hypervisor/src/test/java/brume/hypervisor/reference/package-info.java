/// A second, slow RISC-V hart written only from the specifications, against which the real one is
/// judged: its arithmetic on exact fractions, a test assembler, and the random programs that both
/// run in lockstep. It shares no code with what it judges, and must not.
@NullMarked
package brume.hypervisor.reference;

import org.jspecify.annotations.NullMarked;
