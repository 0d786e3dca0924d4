/// The VM table: it owns which VMs this node has, what each is doing, the steps that move them
/// toward the desired set, and the events that tell of each change until they are acknowledged. It
/// does not own how a guest runs (`hypervisor`), what is desired or talking to the scheduler
/// (`sync`).
///
/// One lock guards the table. What takes time (fetching an image, building a guest, cutting it off)
/// is done by the VM's own thread without the lock.
@NullMarked
package brume.node.vm;

import org.jspecify.annotations.NullMarked;
