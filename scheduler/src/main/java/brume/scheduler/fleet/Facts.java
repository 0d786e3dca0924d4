package brume.scheduler.fleet;

import java.util.List;

/// What one transaction learns about a node: the rows its VMs become (each VM once), the
/// transitions that led there (in order), and the allocations that end without a VM.
public record Facts(
    List<VmChange> vms, List<Transition> transitions, List<HeldAllocation> neverStarted) {
  public static final Facts NONE = new Facts(List.of(), List.of(), List.of());

  public Facts {
    vms = List.copyOf(vms);
    transitions = List.copyOf(transitions);
    neverStarted = List.copyOf(neverStarted);
  }

  public boolean isEmpty() {
    return vms.isEmpty() && transitions.isEmpty() && neverStarted.isEmpty();
  }
}
