package brume.node.capacity;

import brume.contract.Resources;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Decides whether a VM may start here, so that the node never takes more than it has: by what the
/// node offers, and by the host's real memory. Of that, a reserve stays free, and memory that
/// running VMs were promised and have not touched yet is theirs.
///
/// @param reserveBytes what stays free for the host
public record Admission(Resources capacity, long reserveBytes) {
  private static final long MIB = 1 << 20;

  /// What a running VM stands for.
  ///
  /// @param touchedBytes of its memory, those that are already taken from the host
  public record Share(Resources promised, long touchedBytes) {
    long untouchedBytes() {
      return Math.max(0, promised.memoryMib() * MIB - touchedBytes);
    }
  }

  /// Null where the VM may start; otherwise why not, in numbers.
  ///
  /// @param availableBytes of the host, as [MemoryProbe] reads it
  public @Nullable String refusal(Resources need, Collection<Share> running, long availableBytes) {
    Resources used = Resources.NONE;
    long untouched = 0;
    for (Share share : running) {
      used = used.plus(share.promised());
      untouched += share.untouchedBytes();
    }
    if (!capacity.holds(used.plus(need))) {
      return "the node offers %s and its VMs hold %s: %s more do not fit"
          .formatted(capacity, used, need);
    }
    long free = availableBytes - reserveBytes - untouched;
    if (free < need.memoryMib() * MIB) {
      return ("the host has %d MiB of memory left, of which %d MiB are its reserve and %d MiB are"
              + " promised to running VMs: %d MiB more do not fit")
          .formatted(availableBytes / MIB, reserveBytes / MIB, untouched / MIB, need.memoryMib());
    }
    return null;
  }
}
