/// Looking at a guest while it runs: GDB's remote protocol, an instruction trace, a profile.
///
/// It owns the protocol, what stops a guest, and the files that a trace and a profile write. It
/// does not own how instructions are executed or disassembled (brume.hypervisor.cpu), nor when a
/// machine runs (brume.hypervisor.machine): it watches through
/// [brume.hypervisor.machine.HartRunner].
@NullMarked
package brume.hypervisor.debug;

import org.jspecify.annotations.NullMarked;
