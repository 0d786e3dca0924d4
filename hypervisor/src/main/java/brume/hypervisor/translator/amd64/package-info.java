/// Makes x86-64 machine code of guest code, where the host has that processor: in microseconds
/// where the bytecode of [brume.hypervisor.translator] needs the JVM's compilers for milliseconds.
/// Owns the encodings, what a region looks like as machine code, and the memory that holds it. Owns
/// no machine state and chooses no regions; what it makes depends on the guest's code alone.
@NullMarked
package brume.hypervisor.translator.amd64;

import org.jspecify.annotations.NullMarked;
