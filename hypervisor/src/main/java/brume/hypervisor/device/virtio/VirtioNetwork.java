package brume.hypervisor.device.virtio;

import brume.hypervisor.device.TrafficCounter;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// A network card (virtio 1.2 §5.1) with one pair of queues and no offloads, so that a frame is
/// never longer than 1,518 bytes.
public final class VirtioNetwork implements VirtioDevice {
  static final int FRAME_BYTES_MAX = 1518;

  /// Frames for a guest that does not take them; more are dropped, as on a wire.
  static final int WAITING_MAX = 256;

  private static final int HEADER_BYTES = 12;
  private static final int RECEIVE = 0, TRANSMIT = 1;
  private static final long MAC = 1L << 5, STATUS = 1L << 16;

  private final NetworkBackend backend;
  private final byte[] configuration;
  private final TrafficCounter traffic = new TrafficCounter();
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
  private final byte[] buffer = new byte[HEADER_BYTES + FRAME_BYTES_MAX];
  private @Nullable VirtioHost host;

  public VirtioNetwork(MacAddress mac, NetworkBackend backend) {
    this.backend = backend;
    this.configuration = new byte[8];
    System.arraycopy(mac.bytes(), 0, configuration, 0, 6);
    configuration[6] = (byte) (backend.linkUp() ? 1 : 0);
  }

  @Override
  public int deviceId() {
    return 1;
  }

  @Override
  public String name() {
    return "net";
  }

  @Override
  public long features() {
    return MAC | STATUS;
  }

  @Override
  public int queues() {
    return 2;
  }

  @Override
  public byte[] configuration() {
    return configuration;
  }

  @Override
  public void attach(VirtioHost newHost) {
    host = newHost;
  }

  @Override
  public void reset() {
    waiting.clear();
  }

  @Override
  public TrafficCounter traffic() {
    return traffic;
  }

  /// A frame for the guest. Under the machine's device lock.
  public void receive(byte[] frame) {
    if (frame.length > FRAME_BYTES_MAX || waiting.size() == WAITING_MAX) {
      traffic.dropped();
      return;
    }
    waiting.add(frame);
    if (host != null) {
      host.requestService(RECEIVE);
    }
  }

  @Override
  public boolean service(int index, SplitQueue queue, long workMax) {
    return index == TRANSMIT ? transmit(queue, workMax) : deliver(queue);
  }

  private boolean transmit(SplitQueue queue, long workMax) {
    long work = 0;
    while (work < workMax) {
      DescriptorChain chain = queue.take();
      if (chain == null) {
        return false;
      }
      long length = chain.readableBytes() - HEADER_BYTES;
      if (length < 0) {
        throw new VirtioFault("a frame without its header");
      }
      if (length > FRAME_BYTES_MAX) {
        traffic.dropped();
      } else {
        chain.read(buffer, 0, HEADER_BYTES + (int) length);
        backend.send(buffer, HEADER_BYTES, (int) length);
        traffic.fromGuest(length);
      }
      // Even the smallest frame costs something.
      work += 256 + length;
      queue.complete(chain);
    }
    return queue.hasAvailable();
  }

  private boolean deliver(SplitQueue queue) {
    while (!waiting.isEmpty()) {
      DescriptorChain chain = queue.take();
      if (chain == null) {
        return false;
      }
      byte[] frame = waiting.remove();
      if (chain.writableBytes() < HEADER_BYTES + frame.length) {
        traffic.dropped();
      } else {
        byte[] header = new byte[HEADER_BYTES];
        // §5.1.6.4.1: one buffer holds it all.
        header[10] = 1;
        chain.write(header, 0, HEADER_BYTES);
        chain.write(frame, 0, frame.length);
        traffic.toGuest(frame.length);
      }
      queue.complete(chain);
    }
    return false;
  }
}
