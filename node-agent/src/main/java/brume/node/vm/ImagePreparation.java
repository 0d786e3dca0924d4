package brume.node.vm;

import brume.contract.EndCause;
import brume.node.hypervisor.GuestRefused;
import brume.node.hypervisor.Hypervisor;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fetches each image once for all VMs that wait for it, on threads of its own: a VM that is no
/// longer wanted stops waiting at once, and a slow image delays only those that need it.
final class ImagePreparation {
  private static final Logger log = LoggerFactory.getLogger(ImagePreparation.class);
  private static final int AT_ONCE_MAX = 4;

  private final Hypervisor hypervisor;
  private final Semaphore places = new Semaphore(AT_ONCE_MAX);
  private final Map<String, Fetch> underWay = new HashMap<>();

  ImagePreparation(Hypervisor hypervisor) {
    this.hypervisor = hypervisor;
  }

  /// The fetch of one image, and those who wait for it.
  private static final class Fetch {
    private Consumer<@Nullable GuestRefused> whenDone = refused -> {};
  }

  /// @param whenDone given null when the image is there, called on a thread of the fetch
  void prepare(String source, Consumer<@Nullable GuestRefused> whenDone) {
    synchronized (underWay) {
      Fetch fetch = underWay.get(source);
      boolean first = fetch == null;
      if (fetch == null) {
        fetch = new Fetch();
        underWay.put(source, fetch);
      }
      fetch.whenDone = fetch.whenDone.andThen(whenDone);
      if (first) {
        // A platform thread: checking and unpacking an image is long work on the processor, which
        // would hold up the virtual threads of all other VMs.
        Thread.ofPlatform().daemon().name("image " + source).start(() -> fetch(source));
      }
    }
  }

  private void fetch(String source) {
    GuestRefused refused = null;
    places.acquireUninterruptibly();
    try {
      hypervisor.prepare(source);
    } catch (GuestRefused refusal) {
      refused = refusal;
    } catch (RuntimeException | Error bug) {
      log.error("preparing image {} failed unexpectedly", source, bug);
      refused = new GuestRefused(EndCause.IMAGE_UNAVAILABLE, "preparing the image failed: " + bug);
    } finally {
      places.release();
    }
    Consumer<@Nullable GuestRefused> whenDone;
    synchronized (underWay) {
      Fetch fetch = underWay.remove(source);
      whenDone = fetch == null ? ignored -> {} : fetch.whenDone;
    }
    whenDone.accept(refused);
  }
}
