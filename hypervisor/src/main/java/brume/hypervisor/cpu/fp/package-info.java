/// IEEE 754-2019 binary32 and binary64 arithmetic as RISC-V's F and D extensions define it
/// (unprivileged specification, chapters 20 and 21): five rounding modes, accrued exception flags,
/// tininess detected after rounding, canonical NaNs.
///
/// It owns numbers as raw bits and nothing else: registers, NaN boxing at register access, `frm`
/// and `mstatus.FS` belong to the hart. Nothing here allocates.
@NullMarked
package brume.hypervisor.cpu.fp;

import org.jspecify.annotations.NullMarked;
