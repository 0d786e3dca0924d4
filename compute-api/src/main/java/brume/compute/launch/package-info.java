/// What EC2's launches add to every launch: a subnet, interfaces, volumes, a key, protections,
/// templates. It owns these options and where they are kept. The launch itself, its quota and its
/// state are `instance`'s.
@NullMarked
package brume.compute.launch;

import org.jspecify.annotations.NullMarked;
