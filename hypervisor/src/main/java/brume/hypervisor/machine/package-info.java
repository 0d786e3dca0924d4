/// One virtual machine, and how many share the processors.
///
/// [VirtualMachine] owns its RAM, harts and devices from creation to end;
/// [VirtualProcessorScheduler] owns the platform threads and decides who runs. The package does not
/// own images, networks or accounts: files and back ends are handed in. Nothing a guest does throws
/// out of here; it ends its machine with a [MachineExit].
@NullMarked
package brume.hypervisor.machine;

import org.jspecify.annotations.NullMarked;
