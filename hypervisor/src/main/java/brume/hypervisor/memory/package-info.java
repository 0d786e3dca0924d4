/// Guest-physical memory: RAM, the windows of devices, and what must be told when RAM is written.
///
/// It owns the host memory behind a guest's RAM and the only way to it. It does not own virtual
/// addresses (the harts' translation does) or any device.
@NullMarked
package brume.hypervisor.memory;

import org.jspecify.annotations.NullMarked;
