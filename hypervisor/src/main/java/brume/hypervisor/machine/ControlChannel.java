package brume.hypervisor.machine;

import brume.hypervisor.device.virtio.ConsolePort;
import brume.hypervisor.device.virtio.VirtioConsole;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The host's end of the port `brume.control`: lines of text in both directions. Under the device
/// lock, but for [#isOpen].
final class ControlChannel {
  static final String NAME = "brume.control";

  private static final int LINE_BYTES_MAX = 1024;

  private final ControlListener listener;
  private final ConsolePort port;
  private final VirtioConsole device;
  private final byte[] line = new byte[LINE_BYTES_MAX];
  private int length;
  private boolean shutdownWanted;
  private volatile boolean open;

  ControlChannel(ControlListener listener) {
    this.listener = listener;
    this.port = new ConsolePort(NAME, this::take, this::opened);
    this.device = new VirtioConsole(List.of(port));
  }

  VirtioConsole device() {
    return device;
  }

  boolean isOpen() {
    return open;
  }

  /// Asks the guest to shut down, now or as soon as it opens the port.
  void requestShutdown() {
    shutdownWanted = true;
    sendShutdown();
  }

  private void opened() {
    open = true;
    sendShutdown();
  }

  private void sendShutdown() {
    if (shutdownWanted && port.isOpen()) {
      device.send(port, "shutdown\n".getBytes(StandardCharsets.US_ASCII));
      shutdownWanted = false;
    }
  }

  /// A line that is too long is cut, so that a guest that never ends one costs nothing.
  private void take(byte[] bytes, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      if (bytes[i] == '\n') {
        listener.said(new String(line, 0, length, StandardCharsets.UTF_8).strip());
        length = 0;
      } else if (length < LINE_BYTES_MAX) {
        line[length++] = bytes[i];
      }
    }
  }
}
