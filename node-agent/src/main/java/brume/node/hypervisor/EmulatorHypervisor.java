package brume.node.hypervisor;

import brume.contract.EndCause;
import brume.hypervisor.machine.VirtualProcessorScheduler;
import brume.node.image.BootImage;
import brume.node.image.GuestSeed;
import brume.node.image.ImageCache;
import brume.node.image.ImageException;
import brume.node.image.ImageProgress;
import brume.node.vm.MonotonicClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs RISC-V guests in this process, by the emulator of module `hypervisor`. A guest has a folder
/// of its own under `vms/` as long as it exists; what lies there at the start is of a process that
/// is gone, since guests live and die with theirs.
public final class EmulatorHypervisor implements Hypervisor {
  private static final Logger log = LoggerFactory.getLogger(EmulatorHypervisor.class);
  private static final long PROGRESS_NANOS = 5_000_000_000L;

  private final ImageCache images;
  private final Path folder;
  private final VirtualProcessorScheduler processors;
  private final MonotonicClock clock;
  private final RandomGenerator entropy;

  /// Loading a guest copies some 35 MB; more at once than processors only costs memory.
  private final Semaphore loading;

  /// @param dataFolder the node's own
  /// @param processors runs all guests; closed with this
  /// @param entropy what guests get their random numbers from: must be fit for secrets
  public EmulatorHypervisor(
      ImageCache images,
      Path dataFolder,
      VirtualProcessorScheduler processors,
      MonotonicClock clock,
      RandomGenerator entropy) {
    this.images = images;
    this.folder = dataFolder.resolve("vms");
    this.processors = processors;
    this.clock = clock;
    this.entropy = entropy;
    this.loading = new Semaphore(Runtime.getRuntime().availableProcessors());
  }

  @Override
  public void prepare(String imageSource) throws GuestRefused {
    BootImage image = image(imageSource, new LoggedProgress(imageSource));
    log.debug("image {} is there: {}", imageSource, image.digest());
  }

  private BootImage image(String source, ImageProgress progress) throws GuestRefused {
    try {
      return images.resolve(source, progress);
    } catch (ImageException refused) {
      throw new GuestRefused(
          EndCause.IMAGE_UNAVAILABLE, String.valueOf(refused.getMessage()), refused);
    }
  }

  @Override
  public Guest create(GuestSpec spec, GuestListener listener) throws GuestRefused {
    BootImage image = image(spec.imageSource(), ImageProgress.silent());
    if (spec.memoryMib() < image.minMemoryMib()) {
      throw new GuestRefused(
          EndCause.GUEST_FAILURE,
          "image %s needs %d MiB of memory and the instance has %d: choose a larger type"
              .formatted(spec.imageSource(), image.minMemoryMib(), spec.memoryMib()));
    }
    Path own = folder.resolve(spec.instanceId() + "-" + spec.epoch());
    loading.acquireUninterruptibly();
    try {
      Path initrd = writeInitrd(spec, image, own);
      return EmulatedGuest.create(
          new EmulatedGuest.Parts(spec, image, initrd, processors, clock, entropy),
          listener,
          () -> remove(own));
    } catch (IOException full) {
      remove(own);
      throw new GuestRefused(
          EndCause.NODE_REFUSED, "the node can't write the guest's files: " + full, full);
    } catch (GuestRefused | RuntimeException | Error refused) {
      remove(own);
      throw refused;
    } finally {
      loading.release();
    }
  }

  private static Path writeInitrd(GuestSpec spec, BootImage image, Path own) throws IOException {
    GuestSeed seed = new GuestSeed(spec.hostname(), spec.instanceId(), spec.userDataBase64());
    Files.createDirectories(own);
    Path initrd = own.resolve("initrd");
    Files.write(initrd, seed.appendTo(Files.readAllBytes(image.initrd())));
    return initrd;
  }

  @Override
  public void removeLeftovers() {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> guests = Files.list(folder)) {
      guests.forEach(EmulatorHypervisor::remove);
    } catch (IOException | UncheckedIOException unreadable) {
      log.warn("what earlier guests left in {} could not be listed: {}", folder, unreadable);
    }
  }

  private static void remove(Path own) {
    if (!Files.exists(own)) {
      return;
    }
    try (Stream<Path> files = Files.walk(own)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException | UncheckedIOException left) {
      log.warn("{} could not be removed; it is tried again at the next start: {}", own, left);
    }
  }

  @Override
  public void close() {
    processors.close();
  }

  /// A line in the log now and then, while an image is made.
  private final class LoggedProgress implements ImageProgress {
    private final String source;
    private long saidNanos = clock.nanos() - PROGRESS_NANOS;

    LoggedProgress(String source) {
      this.source = source;
    }

    @Override
    public void report(Phase phase, String what, long done, long total) {
      if (clock.nanos() - saidNanos >= PROGRESS_NANOS) {
        saidNanos = clock.nanos();
        String share = total > 0 ? ", " + done * 100 / total + " %" : "";
        log.info("image {}: {} {}{}", source, phase.words(), what, share);
      }
    }
  }
}
