/// What stands between the bare machine and an operating system: the device tree, the supervisor
/// binary interface (SBI) that a paravirtual machine answers itself, and the loaders of kernels,
/// programs and M-mode firmware.
///
/// It owns how boot files are checked and where they are put; every file is untrusted. It does not
/// own devices, harts or when they run.
@NullMarked
package brume.hypervisor.firmware;

import org.jspecify.annotations.NullMarked;
