package brume.hypervisor.device.virtio;

import brume.hypervisor.device.ByteQueue;
import brume.hypervisor.device.ByteSink;

/// One named byte stream of a [VirtioConsole]. Under the machine's device lock.
public final class ConsolePort {
  /// Bytes that may wait for a guest that does not read.
  static final int INPUT_BYTES_MAX = 64 * 1024;

  private final String name;
  private final ByteSink fromGuest;
  private final Runnable opened;
  private final ByteQueue input = new ByteQueue(INPUT_BYTES_MAX);
  private boolean open;

  /// @param name what the guest finds in `/sys/class/virtio-ports/*/name`
  /// @param opened called each time a program of the guest opens the port
  public ConsolePort(String name, ByteSink fromGuest, Runnable opened) {
    this.name = name;
    this.fromGuest = fromGuest;
    this.opened = opened;
  }

  public String name() {
    return name;
  }

  ByteSink fromGuest() {
    return fromGuest;
  }

  ByteQueue input() {
    return input;
  }

  /// Whether a program of the guest has the port open.
  public boolean isOpen() {
    return open;
  }

  void setOpen(boolean nowOpen) {
    boolean before = open;
    open = nowOpen;
    if (open && !before) {
      opened.run();
    }
  }

  void reset() {
    open = false;
    input.clear();
  }
}
