package brume.node.vm;

import brume.contract.EndCause;
import brume.contract.Resources;
import brume.contract.VmState;
import brume.contract.sync.VmCounters;
import brume.node.hypervisor.ConsoleRing;
import brume.node.hypervisor.Guest;
import brume.node.hypervisor.GuestEnd;
import brume.node.hypervisor.GuestListener;
import brume.node.hypervisor.GuestRefused;
import brume.node.hypervisor.GuestSpec;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One VM of the table, with the thread that lives as long as it does and does all its slow work.
/// What others want of it is a level in its fields, guarded by the table's lock, which the thread
/// looks at whenever something changed; so nothing is queued and nothing is done twice.
final class NodeVm implements GuestListener {
  private static final Logger log = LoggerFactory.getLogger(NodeVm.class);

  final GuestSpec spec;
  private final VmTable table;
  private final Condition changed;

  // Guarded by the table's lock.
  private VmPhase phase = new VmPhase.Starting();
  private long generation;
  private long reboots;
  private boolean rebootWanted;
  private boolean imagePrepared;
  private @Nullable GuestRefused imageRefused;
  private @Nullable GuestEnd guestEnd;
  private long guestEndNanos;
  private long readyAfterNanos = -1;

  private volatile @Nullable Guest guest;
  private volatile VmCounters counters = VmCounters.ZERO;

  NodeVm(VmTable table, GuestSpec spec, long generation, long reboots) {
    this.table = table;
    this.spec = spec;
    this.generation = generation;
    this.reboots = reboots;
    this.changed = table.newCondition();
  }

  // ---- what others want; the caller holds the lock ----

  void adopt(long newGeneration) {
    generation = newGeneration;
  }

  void reboot(long newGeneration, long newReboots) {
    generation = newGeneration;
    reboots = newReboots;
    // Before its first instruction a guest needs no reboot to begin anew.
    rebootWanted = phase instanceof VmPhase.Running;
    changed.signalAll();
  }

  void end(Ending wanted, long newGeneration) {
    generation = newGeneration;
    switch (phase) {
      case VmPhase.Starting() -> stopping(wanted.hurried());
      case VmPhase.Running() -> stopping(wanted);
      case VmPhase.Stopping(Ending ending) -> {
        if (wanted.cut() && !ending.cut()) {
          phase = new VmPhase.Stopping(ending.hurried());
        }
      }
      case VmPhase.End over -> {}
    }
    changed.signalAll();
  }

  private void stopping(Ending ending) {
    phase = new VmPhase.Stopping(ending);
    table.tell(this, VmState.STOPPING, table.now(), null, ending.reason());
  }

  HeldVm held() {
    boolean cut = phase instanceof VmPhase.Stopping stopping && stopping.ending().cut();
    return new HeldVm(spec.instanceId(), spec.epoch(), generation, reboots, phase.state(), cut);
  }

  VmState state() {
    return phase.state();
  }

  long generation() {
    return generation;
  }

  long reboots() {
    return reboots;
  }

  // ---- facts from the guest and the image, on threads that must not be held up ----

  void imageDone(@Nullable GuestRefused refused) {
    table.locked(() -> {
      imagePrepared = true;
      imageRefused = refused;
      changed.signalAll();
    });
  }

  @Override
  public void ready(long afterNanos) {
    table.locked(() -> {
      readyAfterNanos = afterNanos;
      changed.signalAll();
    });
  }

  @Override
  public void ended(GuestEnd end) {
    table.locked(() -> {
      if (guestEnd == null) {
        guestEnd = end;
        guestEndNanos = table.now();
        changed.signalAll();
      }
    });
  }

  // ---- readable at any time ----

  Resources promised() {
    return new Resources(spec.vcpu(), spec.memoryMib());
  }

  VmCounters counters() {
    return counters;
  }

  @Nullable ConsoleRing output() {
    Guest present = guest;
    return present == null ? null : present.console();
  }

  VmConsole console() {
    Guest present = guest;
    return new VmConsole(
        spec.epoch(), present == null ? new ConsoleRing() : present.console(), present);
  }

  /// Reads the guest's counters; without the lock, as a driver may take a moment.
  void sample() {
    Guest present = guest;
    if (present != null) {
      counters = present.counters();
    }
  }

  // ---- the VM's own thread ----

  void live() {
    VmPhase.End end;
    try {
      end = run();
    } catch (GuestRefused refused) {
      end = new VmPhase.Failed(refused.endCause(), refused.getMessage());
    } catch (InterruptedException stopped) {
      end = new VmPhase.Failed(EndCause.NODE_RESTARTED, "the node was shut down");
    } catch (OutOfMemoryError full) {
      end = new VmPhase.Failed(EndCause.NODE_REFUSED, "the node ran out of memory: " + full);
    } catch (RuntimeException | Error bug) {
      log.error("{}: running it failed unexpectedly", spec.instanceId(), bug);
      end = new VmPhase.Failed(EndCause.GUEST_FAILURE, "the node could not run it: " + bug);
    }
    finish(end);
  }

  private enum Work {
    REBOOT,
    ASK,
    CUT,
    END,
    READY
  }

  private VmPhase.End run() throws GuestRefused, InterruptedException {
    if (!imageThere()) {
      return wantedEnd(null);
    }
    Guest built = table.hypervisor().create(spec, this);
    guest = built;
    if (!table.lockedGet(() -> phase instanceof VmPhase.Starting)) {
      return wantedEnd(null);
    }
    built.start();
    table.locked(this::nowRunning);
    table.watcher().running(spec.instanceId(), built::counters);
    long cutAt = Long.MAX_VALUE;
    while (true) {
      switch (await(cutAt)) {
        case REBOOT -> built.reboot();
        case READY -> tellReady(built);
        case ASK -> {
          cutAt = System.nanoTime() + table.graceNanos();
          built.shutdown();
        }
        case CUT -> {
          boolean deaf = cutAt != Long.MAX_VALUE && System.nanoTime() >= cutAt;
          return wantedEnd(deaf ? "the guest did not power off in time and was cut off" : null);
        }
        case END -> {
          return selfMadeEnd();
        }
      }
    }
  }

  /// False when the VM is not wanted any more before its image is there.
  private boolean imageThere() throws GuestRefused, InterruptedException {
    table.images().prepare(spec.imageSource(), this::imageDone);
    GuestRefused refused =
        table.lockedWait(() -> {
          while (!imagePrepared && phase instanceof VmPhase.Starting) {
            changed.await();
          }
          return imageRefused;
        });
    if (refused != null && table.lockedGet(() -> phase instanceof VmPhase.Starting)) {
      throw refused;
    }
    return table.lockedGet(() -> phase instanceof VmPhase.Starting);
  }

  private void nowRunning() {
    if (phase instanceof VmPhase.Starting) {
      phase = new VmPhase.Running();
      table.tell(this, VmState.RUNNING, table.now(), null, null);
    }
  }

  /// Waits until there is something to do, and takes it.
  ///
  /// @param cutAt when the grace of a guest that was asked to power off is over; MAX_VALUE before
  private Work await(long cutAt) throws InterruptedException {
    return table.lockedWait(() -> {
      while (true) {
        if (guestEnd != null) {
          return Work.END;
        }
        if (phase instanceof VmPhase.Stopping(Ending ending)) {
          long left = cutAt - System.nanoTime();
          if (ending.cut() || left <= 0) {
            return Work.CUT;
          }
          if (cutAt == Long.MAX_VALUE) {
            return Work.ASK;
          }
          var _ = changed.awaitNanos(left);
          continue;
        }
        if (readyAfterNanos >= 0) {
          return Work.READY;
        }
        if (rebootWanted) {
          rebootWanted = false;
          return Work.REBOOT;
        }
        changed.await();
      }
    });
  }

  private void tellReady(Guest built) {
    long afterNanos =
        table.lockedGet(() -> {
          long noted = readyAfterNanos;
          readyAfterNanos = -1;
          return noted;
        });
    long millis = TimeUnit.NANOSECONDS.toMillis(afterNanos);
    log.info("{}: ready after {} ms", spec.instanceId(), millis);
    byte[] line =
        "\r\n[brume] ready after %d ms\r\n".formatted(millis).getBytes(StandardCharsets.US_ASCII);
    built.console().append(line, 0, line.length);
    table.watcher().ready(spec.instanceId(), afterNanos);
  }

  private VmPhase.End wantedEnd(@Nullable String remark) {
    return table.lockedGet(() -> {
      if (!(phase instanceof VmPhase.Stopping(Ending ending))) {
        throw new IllegalStateException("a VM ends as wanted while it is " + phase);
      }
      String reason = ending.reason() == null ? remark : ending.reason();
      return ending.state() == VmState.GONE
          ? new VmPhase.Gone(ending.cause(), reason)
          : new VmPhase.Failed(ending.cause(), reason);
    });
  }

  /// A guest that ends while it is being stopped has done what was wanted.
  private VmPhase.End selfMadeEnd() {
    if (table.lockedGet(() -> phase instanceof VmPhase.Stopping)) {
      return wantedEnd(null);
    }
    return switch (table.lockedGet(() -> guestEnd)) {
      case GuestEnd.Broken(String reason) -> new VmPhase.Failed(EndCause.GUEST_FAILURE, reason);
      case GuestEnd.PoweredOff() ->
          new VmPhase.Gone(EndCause.GUEST_POWEROFF, "the guest powered itself off");
      case null -> throw new IllegalStateException("a guest that goes on has no end");
    };
  }

  private void finish(VmPhase.End end) {
    Guest built = guest;
    if (built != null) {
      try {
        built.destroy();
      } catch (RuntimeException | Error bug) {
        log.error("{}: cutting it off failed", spec.instanceId(), bug);
      }
      sample();
    }
    table.locked(() -> {
      // Billing ends when the guest did, not when its memory was given back.
      long at =
          guestEnd != null && !(phase instanceof VmPhase.Stopping) ? guestEndNanos : table.now();
      phase = end;
      table.ended(this, at, end);
    });
    table.watcher().ended(spec.instanceId());
    table.reconcile();
  }
}
