/// The processor core: decoding, execution, control and status registers, traps, address
/// translation and memory protection of one hart.
///
/// It owns everything between a guest's instruction and physical memory. It does not own physical
/// memory or devices (`memory`, `device`), the answers to SBI calls ([SupervisorCalls]), nor who
/// runs when: a hart runs only when someone calls [Hart#run].
@NullMarked
package brume.hypervisor.cpu;

import org.jspecify.annotations.NullMarked;
