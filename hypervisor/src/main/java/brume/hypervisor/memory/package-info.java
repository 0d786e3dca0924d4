@NullMarked
package brume.hypervisor.memory;

import org.jspecify.annotations.NullMarked;
