package brume.hypervisor.device.virtio;

import java.util.function.Consumer;

/// The other end of a guest's network cable. Frames are Ethernet frames without their checksum.
public interface NetworkBackend {
  /// No cable: what the guest sends is lost, and the link is down.
  NetworkBackend UNPLUGGED =
      new NetworkBackend() {
        @Override
        public void connect(Consumer<byte[]> toGuest) {}

        @Override
        public void send(byte[] frame, int offset, int length) {}

        @Override
        public boolean linkUp() {
          return false;
        }
      };

  /// Called once, before anything is sent. `toGuest` may be called from any thread and does not
  /// block; a frame the guest has no room for is dropped.
  void connect(Consumer<byte[]> toGuest);

  /// The guest sent this. On a thread of the machine: must not block. The array is reused.
  void send(byte[] frame, int offset, int length);

  boolean linkUp();
}
