/// The devices of a machine that are not virtio: interrupt controllers, clock, serial port, power
/// switch, and the host-target interface of bare-metal programs.
///
/// It owns what a guest sees at the addresses of [MemoryMap] and the wires between devices. It does
/// not own harts, threads or files: time, power and console are handed in, and every call comes on
/// the thread that runs the machine.
@NullMarked
package brume.hypervisor.device;

import org.jspecify.annotations.NullMarked;
