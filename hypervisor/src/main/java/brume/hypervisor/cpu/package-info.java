@NullMarked
package brume.hypervisor.cpu;

import org.jspecify.annotations.NullMarked;
