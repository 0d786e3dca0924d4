package brume.hypervisor.cpu;

import org.jspecify.annotations.Nullable;

/// What a hart is made of.
///
/// @param supervisorCalls answers `ecall` from S-mode in a paravirtual machine; null for a machine
///   that runs its own M-mode firmware, where `ecall` traps as the specification says
/// @param parallel whether other harts of the machine may run at the same time, on other threads;
///   otherwise they take turns on one, and every run is the same as the last
/// @param translator for code that runs often; null to interpret everything
public record HartConfig(
    @Nullable SupervisorCalls supervisorCalls, boolean parallel, @Nullable Translator translator) {

  public HartConfig(@Nullable SupervisorCalls supervisorCalls) {
    this(supervisorCalls, false, null);
  }
}
