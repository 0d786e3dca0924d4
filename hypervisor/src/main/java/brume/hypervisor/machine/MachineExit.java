package brume.hypervisor.machine;

/// Why a machine is no more.
public sealed interface MachineExit {
  /// The guest switched itself off; 0 is a clean end, else what it gave as its status.
  record PoweredOff(int status) implements MachineExit {}

  /// The guest asked for a reset and the machine was made to end then.
  record Reset() implements MachineExit {}

  /// The machine could not go on. The reason is a sentence for the owner of the guest.
  record Failed(String reason) implements MachineExit {}

  /// The host switched it off.
  record Stopped() implements MachineExit {}
}
