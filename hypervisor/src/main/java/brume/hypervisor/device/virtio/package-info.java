/// Virtio 1.2 devices behind the memory-mapped transport.
///
/// [VirtioMmio] and [SplitQueue] are shared; each device is one class of the shape of
/// [VirtioDevice]. Everything a driver writes is hostile: queues and descriptors are checked before
/// use, chains are bounded, work is done in bounded portions, and a driver that breaks the rules
/// breaks its device (DEVICE_NEEDS_RESET) and nothing else. The package owns the block overlay; it
/// does not own networks (a [NetworkBackend] is handed in) or threads.
@NullMarked
package brume.hypervisor.device.virtio;

import org.jspecify.annotations.NullMarked;
