package brume.hypervisor.device.virtio;

import brume.hypervisor.device.TrafficCounter;
import java.util.random.RandomGenerator;

/// Random numbers for the guest (virtio 1.2 §5.4).
public final class VirtioEntropy implements VirtioDevice {
  /// A request gets at most this much; a driver that wants more asks again.
  static final int REQUEST_BYTES_MAX = 4096;

  private final RandomGenerator random;
  private final TrafficCounter traffic = new TrafficCounter();

  public VirtioEntropy(RandomGenerator random) {
    this.random = random;
  }

  @Override
  public int deviceId() {
    return 4;
  }

  @Override
  public String name() {
    return "rng";
  }

  @Override
  public long features() {
    return 0;
  }

  @Override
  public int queues() {
    return 1;
  }

  @Override
  public byte[] configuration() {
    return new byte[0];
  }

  @Override
  public void attach(VirtioHost host) {}

  @Override
  public TrafficCounter traffic() {
    return traffic;
  }

  @Override
  public boolean service(int index, SplitQueue queue, long workMax) {
    // Random bytes cost about a hundred times a copied byte.
    long left = workMax / 128;
    while (left > 0) {
      DescriptorChain chain = queue.take();
      if (chain == null) {
        return false;
      }
      if (chain.writableBytes() == 0) {
        throw new VirtioFault("a request for entropy without room for it");
      }
      byte[] bytes = new byte[(int) Math.min(REQUEST_BYTES_MAX, chain.writableBytes())];
      random.nextBytes(bytes);
      chain.write(bytes, 0, bytes.length);
      queue.complete(chain);
      traffic.toGuest(bytes.length);
      left -= bytes.length;
    }
    return queue.hasAvailable();
  }
}
