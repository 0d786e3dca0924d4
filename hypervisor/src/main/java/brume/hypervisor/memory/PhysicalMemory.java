package brume.hypervisor.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The physical address space of one machine: its RAM and its devices.
public final class PhysicalMemory {
  private record Window(long base, long length, MmioDevice device) {
    boolean contains(long address, int bytes) {
      long offset = address - base;
      return offset >= 0 && offset <= length - bytes;
    }

    boolean overlaps(long otherBase, long otherLength) {
      return base < otherBase + otherLength && otherBase < base + length;
    }
  }

  private record Watch(long address, StoreWatcher watcher) {}

  private final GuestRam ram;
  private final List<Window> windows = new ArrayList<>();
  private final List<Watch> watches = new ArrayList<>();
  private @Nullable DecodedCode decodedCode;

  public PhysicalMemory(GuestRam ram) {
    this.ram = ram;
  }

  public GuestRam ram() {
    return ram;
  }

  /// Puts a device at `[base, base + length)`. Throws IllegalArgumentException where it would
  /// overlap.
  public void map(long base, long length, MmioDevice device) {
    if (base < 0 || length <= 0 || base + length < 0) {
      throw new IllegalArgumentException(
          "a device's window must lie in [0, 2^63) and not be empty");
    }
    Window window = new Window(base, length, device);
    boolean taken = windows.stream().anyMatch(other -> other.overlaps(base, length));
    if (taken || window.overlaps(ram.base(), ram.size())) {
      throw new IllegalArgumentException(
          "a device at 0x%x of 0x%x bytes would overlap RAM or another device"
              .formatted(base, length));
    }
    windows.add(window);
  }

  private Window window(long address, int bytes) {
    for (Window window : windows) {
      if (window.contains(address, bytes)) {
        return window;
      }
    }
    throw new AccessFault(address);
  }

  /// The slow, general access: RAM or device. `bytes` is 1, 2, 4 or 8. Throws [AccessFault].
  public long load(long address, int bytes) {
    if (ram.contains(address, bytes)) {
      return switch (bytes) {
        case 1 -> ram.load8(address);
        case 2 -> ram.load16(address);
        case 4 -> ram.load32(address) & 0xffff_ffffL;
        default -> ram.load64(address);
      };
    }
    Window window = aligned(address, bytes);
    return window.device.load(address - window.base, bytes);
  }

  public void store(long address, int bytes, long value) {
    if (!ram.contains(address, bytes)) {
      Window window = aligned(address, bytes);
      window.device.store(address - window.base, bytes, value);
      return;
    }
    long host = ram.hostPage(address) + (address & (GuestRam.PAGE_BYTES - 1));
    switch (bytes) {
      case 1 -> HostMemory.store8(host, (byte) value);
      case 2 -> HostMemory.store16(host, (short) value);
      case 4 -> HostMemory.store32(host, (int) value);
      default -> HostMemory.store64(host, value);
    }
    afterStore(address, bytes);
  }

  /// What a hart's store to RAM that went the slow way brings about, after it.
  public void afterStore(long address, int bytes) {
    ram.afterWrite(address, bytes);
    if (!watches.isEmpty() && ram.isWatched(address)) {
      runWatches(address, bytes);
    }
  }

  private Window aligned(long address, int bytes) {
    if ((address & (bytes - 1)) != 0) {
      throw new AccessFault(address);
    }
    return window(address, bytes);
  }

  private void runWatches(long address, int bytes) {
    for (Watch watch : watches) {
      if (address < watch.address + 8 && watch.address < address + bytes) {
        watch.watcher.stored(address, bytes);
      }
    }
  }

  /// Calls `watcher` after each store by a hart that touches the 8 bytes at `address` (HTIF's
  /// `tohost`). To be called before a hart runs.
  public void watch(long address, StoreWatcher watcher) {
    if (!ram.contains(address, 8) || (address & 7) != 0) {
      throw new IllegalArgumentException(
          "only 8 aligned bytes of RAM can be watched, not 0x" + Long.toHexString(address));
    }
    ram.markWatched(address);
    watches.add(new Watch(address, watcher));
  }

  /// To be called now and then: the decoded code of a guest that idles is forgotten.
  public void forgetUnusedCode() {
    if (decodedCode != null) {
      decodedCode.forgetUnused();
    }
  }

  /// The decoded code that all harts of this machine share, made by the first that asks.
  public DecodedCode decodedCode(Supplier<? extends DecodedCode> maker) {
    DecodedCode decoded = decodedCode;
    if (decoded == null) {
      decoded = maker.get();
      decodedCode = decoded;
      ram.tell(decoded);
    }
    return decoded;
  }
}
