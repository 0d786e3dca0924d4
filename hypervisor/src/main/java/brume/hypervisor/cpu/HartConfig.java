package brume.hypervisor.cpu;

import org.jspecify.annotations.Nullable;

/// What a hart is made of.
///
/// @param supervisorCalls answers `ecall` from S-mode in a paravirtual machine; null for a machine
///   that runs its own M-mode firmware, where `ecall` traps as the specification says
public record HartConfig(@Nullable SupervisorCalls supervisorCalls) {}
