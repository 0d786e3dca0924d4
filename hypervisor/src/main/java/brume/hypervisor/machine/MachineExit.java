package brume.hypervisor.machine;

import brume.hypervisor.firmware.BootFailure;

/// Why a machine is no more.
public sealed interface MachineExit {
  /// The guest switched itself off; 0 is a clean end, else what it gave as its status.
  record PoweredOff(int status) implements MachineExit {}

  /// The guest asked for a reset and the machine was made to end then.
  record Reset() implements MachineExit {}

  /// The machine could not go on. The reason is a sentence for the owner of the guest.
  record Failed(String reason) implements MachineExit {
    /// Made in advance: there may be no memory to make it when it is needed.
    private static final Failed OUT_OF_MEMORY =
        new Failed("the host's process ran out of memory under this machine");

    /// What `broken` did to a machine. Does not throw, whatever it is.
    static Failed of(Throwable broken) {
      try {
        return new Failed(reason(broken));
      } catch (Throwable noRoomToSayMore) {
        return OUT_OF_MEMORY;
      }
    }

    private static String reason(Throwable broken) {
      if (broken instanceof OutOfMemoryError) {
        return OUT_OF_MEMORY.reason() + ": " + broken.getMessage();
      }
      StackTraceElement[] trace = broken.getStackTrace();
      String where = trace.length > 0 ? " at " + trace[0] : "";
      return broken instanceof DeviceFailure || broken instanceof BootFailure
          ? String.valueOf(broken.getMessage())
          : "the machine failed: " + broken + where;
    }
  }

  /// The host switched it off.
  record Stopped() implements MachineExit {}
}
