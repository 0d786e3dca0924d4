/// The guest benchmark set: programs of our own (`bench/src/guest`) that a Debian kernel starts as
/// its first process, run in `brume vm` and, where it is installed, in `qemu-system-riscv64`. It
/// owns the programs, their expected sums, the runs and the tables. It does not own the guest's
/// kernel, which is that of the image debian-micro.
@NullMarked
package brume.bench.guests;

import org.jspecify.annotations.NullMarked;
