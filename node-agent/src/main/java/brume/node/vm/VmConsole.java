package brume.node.vm;

import brume.node.hypervisor.ConsoleRing;
import brume.node.hypervisor.Guest;
import org.jspecify.annotations.Nullable;

/// The serial line of one VM, also for some time after its end.
///
/// @param epoch of the start that it belongs to
/// @param output what the guest printed
/// @param guest takes what is typed; null while there is none yet, and after the end
public record VmConsole(long epoch, ConsoleRing output, @Nullable Guest guest) {

  /// Returns how many of the first of these bytes the guest took.
  public int type(byte[] bytes) {
    return guest == null || output.isOver() ? 0 : guest.type(bytes);
  }
}
