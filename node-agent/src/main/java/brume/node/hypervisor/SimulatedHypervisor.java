package brume.node.hypervisor;

import brume.contract.EndCause;
import brume.contract.sync.VmCounters;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A driver that runs nothing: guests come up at once and obey. It serves tests of scale and of
/// what stands around a hypervisor, and is never chosen by itself. A test makes guests do what it
/// wants by [#powerOff], [#fail] and their like.
public final class SimulatedHypervisor implements Hypervisor {
  private final Map<String, SimulatedGuest> running = new ConcurrentHashMap<>();
  private final Map<String, String> imagesRefused = new ConcurrentHashMap<>();

  @Override
  public void prepare(String imageSource) throws GuestRefused {
    String reason = imagesRefused.get(imageSource);
    if (reason != null) {
      throw new GuestRefused(EndCause.IMAGE_UNAVAILABLE, reason);
    }
  }

  /// What each guest that was started claims to have used.
  public static final VmCounters STARTED = new VmCounters(1_000, 1_000, 4096, 0, 0, 0, 0, 0);

  @Override
  public Guest create(GuestSpec spec, GuestListener listener) {
    return new SimulatedGuest(spec, listener);
  }

  @Override
  public void removeLeftovers() {}

  @Override
  public void close() {}

  // ---- what a test can do ----

  /// From now on this image can't be had.
  public void refuseImage(String source, String reason) {
    imagesRefused.put(source, reason);
  }

  /// The guests that run now.
  public List<GuestSpec> running() {
    return running.values().stream().map(guest -> guest.spec).toList();
  }

  /// The guest powers itself off. False where none runs.
  public boolean powerOff(String instanceId) {
    return end(instanceId, new GuestEnd.PoweredOff());
  }

  public boolean fail(String instanceId, String reason) {
    return end(instanceId, new GuestEnd.Broken(reason));
  }

  /// From now on the guest ignores being asked to power off.
  public void deafen(String instanceId) {
    SimulatedGuest guest = running.get(instanceId);
    if (guest != null) {
      guest.deaf = true;
    }
  }

  /// How often the running guest was rebooted; -1 where none runs.
  public int reboots(String instanceId) {
    SimulatedGuest guest = running.get(instanceId);
    return guest == null ? -1 : guest.reboots;
  }

  private boolean end(String instanceId, GuestEnd end) {
    SimulatedGuest guest = running.get(instanceId);
    if (guest == null || !running.remove(instanceId, guest)) {
      return false;
    }
    guest.listener.ended(end);
    return true;
  }

  private final class SimulatedGuest implements Guest {
    private final GuestSpec spec;
    private final GuestListener listener;
    private final ConsoleRing console = new ConsoleRing();
    private volatile boolean started;
    private volatile boolean deaf;
    private volatile int reboots;

    SimulatedGuest(GuestSpec spec, GuestListener listener) {
      this.spec = spec;
      this.listener = listener;
    }

    @Override
    public void start() {
      SimulatedGuest other = running.putIfAbsent(spec.instanceId(), this);
      if (other != null) {
        throw new IllegalStateException("two guests for instance " + spec.instanceId());
      }
      started = true;
      byte[] banner =
          "simulated guest %s: nothing runs here\r\n"
              .formatted(spec.hostname())
              .getBytes(StandardCharsets.UTF_8);
      console.append(banner, 0, banner.length);
      listener.ready(0);
    }

    @Override
    public void shutdown() {
      if (!deaf) {
        var _ = end(spec.instanceId(), new GuestEnd.PoweredOff());
      }
    }

    @Override
    public synchronized void reboot() {
      reboots++;
    }

    @Override
    public void destroy() {
      running.remove(spec.instanceId(), this);
    }

    @Override
    public ConsoleRing console() {
      return console;
    }

    /// Whatever is typed comes back as output.
    @Override
    public int type(byte[] bytes) {
      console.append(bytes, 0, bytes.length);
      return bytes.length;
    }

    @Override
    public VmCounters counters() {
      return started ? STARTED : VmCounters.ZERO;
    }
  }
}
