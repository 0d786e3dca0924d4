/// The hypervisor's parts one by one, measured by JMH: `bench parts`. It owns small guest loops and
/// the machine they run in; it has no aims, as only whole guests have.
@NullMarked
package brume.bench.parts;

import org.jspecify.annotations.NullMarked;
