/// The driver interface to whatever runs guests on this node, and its drivers. It owns turning a
/// [GuestSpec] into a running guest and back into nothing; it does not own deciding what should run
/// (`vm`), where boot content comes from (`image`), or the machine itself (module `hypervisor`).
@NullMarked
package brume.node.hypervisor;

import org.jspecify.annotations.NullMarked;
