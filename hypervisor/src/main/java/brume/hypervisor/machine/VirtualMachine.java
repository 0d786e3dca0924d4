package brume.hypervisor.machine;

import brume.hypervisor.device.ByteQueue;
import brume.hypervisor.device.PowerControl;
import brume.hypervisor.device.TrafficCounter;
import brume.hypervisor.device.virtio.BlockStorage;
import brume.hypervisor.device.virtio.NetworkBackend;
import brume.hypervisor.device.virtio.VirtioBlock;
import brume.hypervisor.device.virtio.VirtioDevice;
import brume.hypervisor.device.virtio.VirtioEntropy;
import brume.hypervisor.device.virtio.VirtioNetwork;
import brume.hypervisor.firmware.BootFailure;
import brume.hypervisor.firmware.HartStates;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One guest's computer.
///
/// ```
///   create ──▶ PAUSED ◀──pause── RUNNING ──guest or stop──▶ ENDED
///                └────resume / start ──▲
/// ```
///
/// Its harts take turns on one thread of the [VirtualProcessorScheduler]; so a machine of several
/// harts never uses more than one processor of the host. Whatever reaches the guest from outside
/// (keystrokes, frames, requests) goes through one queue and in between two turns. What goes wrong
/// in here ends this machine as [MachineExit.Failed] and touches no other.
///
/// Methods may be called from any thread but the machine's own, that is, not from its console or
/// control listeners.
public final class VirtualMachine implements AutoCloseable {
  /// Keystrokes that may wait for the guest.
  public static final int TYPED_BYTES_MAX = 64 * 1024;

  private static final int MESSAGES_MAX = 1024;

  /// Where a machine is in its life.
  public enum State {
    PAUSED,
    RUNNING,
    ENDED
  }

  private final MachineConfig config;
  private final VirtualProcessorScheduler scheduler;
  private final ShareQueue.Seat seat;
  private final Disks disks;
  private final TrafficCounter consoleTraffic = new TrafficCounter();
  private final CompletableFuture<MachineExit> exited = new CompletableFuture<>();
  private final ConcurrentLinkedQueue<Runnable> messages = new ConcurrentLinkedQueue<>();
  private final AtomicInteger messageCount = new AtomicInteger();
  private final PowerControl power = new PowerButton();

  /// Guards the board against being closed while someone counts, and `typed`.
  private final Object boardLock = new Object();

  private final ByteQueue typed = new ByteQueue(TYPED_BYTES_MAX);
  private volatile boolean hasTyped;
  private volatile boolean shutdownWanted;
  private volatile boolean shutdownToTell;
  private volatile ControlChannel control;
  private @Nullable Board board;
  private List<VirtioDevice> devices = List.of();
  private TrafficCounter.Snapshot diskBefore = TrafficCounter.Snapshot.ZERO;
  private TrafficCounter.Snapshot networkBefore = TrafficCounter.Snapshot.ZERO;
  private long instructionsBefore;
  private volatile long instructions;
  private volatile long touchedBytes;
  private final AtomicLong resets = new AtomicLong();
  private volatile long faults;
  private volatile boolean running;
  private volatile boolean ended;

  /// What the guest asked of its power switch in this turn.
  private @Nullable MachineExit asked;

  private VirtualMachine(MachineConfig config, VirtualProcessorScheduler scheduler) {
    this.config = config;
    this.scheduler = scheduler;
    this.disks = Disks.open(config.disks());
    this.control = new ControlChannel(config.control());
    try {
      this.board = makeBoard();
      this.seat = scheduler.add(new Slices(), config.share());
      for (int index = 0; index < config.networks().size(); index++) {
        connect(config.networks().get(index).backend(), config.disks().size() + index);
      }
    } catch (RuntimeException | Error refused) {
      closeParts();
      throw refused;
    }
    this.touchedBytes = board().touchedBytes();
  }

  /// A machine that is loaded and paused. Throws [brume.hypervisor.firmware.BootFailure] for files
  /// that cannot be used.
  public static VirtualMachine create(MachineConfig config, VirtualProcessorScheduler scheduler) {
    return new VirtualMachine(config, scheduler);
  }

  private Board makeBoard() {
    List<VirtioDevice> made = new ArrayList<>();
    int number = 0;
    for (BlockStorage storage : disks.storages()) {
      made.add(new VirtioBlock("disk" + number++, storage, config.clock().nanoTime()));
    }
    for (MachineConfig.NetworkConfig network : config.networks()) {
      made.add(new VirtioNetwork(network.mac(), network.backend()));
    }
    made.add(new VirtioEntropy(config.entropy()));
    made.add(control.device());
    devices = made;
    return new Board(config, power, consoleTraffic, made);
  }

  private void connect(NetworkBackend backend, int slot) {
    backend.connect(frame -> tell(() -> ((VirtioNetwork) devices.get(slot)).receive(frame)));
  }

  public String name() {
    return config.name();
  }

  public State state() {
    return ended ? State.ENDED : running ? State.RUNNING : State.PAUSED;
  }

  /// Completed when the machine has ended; what depends on it runs on a thread of its own.
  public CompletionStage<MachineExit> exited() {
    return exited.minimalCompletionStage();
  }

  /// Waits for the end.
  public MachineExit awaitExit() {
    // Of a copy: who joins the future itself may be made to run what depends on it, in the middle
    // of
    // whatever it holds.
    return exited.copy().join();
  }

  /// From PAUSED to RUNNING; no effect otherwise.
  public void start() {
    running = true;
    scheduler.resume(seat);
  }

  public void resume() {
    start();
  }

  /// Returns when no instruction runs any more until [#resume]. Time goes on for the guest.
  public void pause() {
    running = false;
    scheduler.suspend(seat);
    synchronized (boardLock) {
      Board current = board;
      if (current != null) {
        current.pause();
      }
    }
  }

  /// Switches off at once, as pulling the plug does; returns when nothing runs and all is closed.
  public void stop() {
    scheduler.stop(seat);
    end(new MachineExit.Stopped());
    awaitExit();
  }

  /// [#stop], for those who hold it as a resource.
  @Override
  public void close() {
    stop();
  }

  /// Looks inside a machine that is paused, or has not been started; empty when it has ended. For
  /// debuggers.
  public <T> Optional<T> inspect(Function<HartStates, T> look) {
    synchronized (boardLock) {
      if (running) {
        throw new IllegalStateException("machine " + config.name() + " is not paused");
      }
      Board current = board;
      return current == null ? Optional.empty() : Optional.of(look.apply(current.harts()));
    }
  }

  public void setShare(ProcessorShare share) {
    scheduler.setShare(seat, share);
  }

  /// Asks the guest to shut down by itself, by the line `shutdown` on its control channel; it is
  /// held until the guest opens that. False if the guest does not listen yet.
  public boolean requestShutdown() {
    boolean listens = control.isOpen();
    shutdownWanted = true;
    shutdownToTell = true;
    scheduler.wake(seat);
    return listens;
  }

  /// Keystrokes for the guest's console. Returns how many were taken; the rest has no room now.
  public int type(byte[] bytes, int offset, int length) {
    int taken;
    synchronized (boardLock) {
      taken = typed.add(bytes, offset, length);
      hasTyped |= taken > 0;
    }
    if (taken > 0) {
      scheduler.wake(seat);
    }
    return taken;
  }

  /// What the machine has used.
  public MachineCounters counters() {
    TrafficCounter.Snapshot disk;
    TrafficCounter.Snapshot network;
    synchronized (boardLock) {
      disk = diskBefore.plus(traffic(2));
      network = networkBefore.plus(traffic(1));
    }
    return new MachineCounters(
        instructions,
        scheduler.cpuNanos(seat),
        touchedBytes,
        resets.get(),
        faults,
        disk,
        network,
        consoleTraffic.snapshot());
  }

  private TrafficCounter.Snapshot traffic(int deviceId) {
    TrafficCounter.Snapshot sum = TrafficCounter.Snapshot.ZERO;
    for (VirtioDevice device : devices) {
      if (device.deviceId() == deviceId) {
        sum = sum.plus(device.traffic().snapshot());
      }
    }
    return sum;
  }

  /// Leaves something to do between two turns; false when too much waits already.
  private boolean tell(Runnable message) {
    if (messageCount.incrementAndGet() > MESSAGES_MAX) {
      messageCount.decrementAndGet();
      return false;
    }
    messages.add(message);
    scheduler.wake(seat);
    return true;
  }

  private final class PowerButton implements PowerControl {
    @Override
    public void powerOff(int status) {
      press(new MachineExit.PoweredOff(status));
    }

    @Override
    public void reset() {
      press(new MachineExit.Reset());
    }

    private void press(MachineExit what) {
      if (asked == null) {
        asked = what;
      }
      board().requestExit();
    }
  }

  private Board board() {
    Board current = board;
    if (current == null) {
      throw new IllegalStateException("machine " + config.name() + " has ended");
    }
    return current;
  }

  private final class Slices implements ScheduledWork {
    @Override
    public Outcome runSlice(long nanos) {
      return VirtualMachine.this.runSlice(nanos);
    }

    @Override
    public long takeBlockedNanos() {
      long sum = 0;
      for (VirtioDevice device : devices) {
        if (device instanceof VirtioBlock disk) {
          sum += disk.takeStorageNanos();
        }
      }
      return sum;
    }
  }

  /// On a thread of the scheduler.
  private ScheduledWork.Outcome runSlice(long nanos) {
    try {
      ScheduledWork.Outcome outcome = runTurns(nanos);
      publish();
      return outcome;
    } catch (Throwable broken) {
      // Whatever it is, the thread belongs to all machines and the fault to this one.
      end(new MachineExit.Failed(reason(broken)));
      return ScheduledWork.FINISHED;
    }
  }

  private static String reason(Throwable broken) {
    StackTraceElement[] trace = broken.getStackTrace();
    String where = trace.length > 0 ? " at " + trace[0] : "";
    return broken instanceof DeviceFailure || broken instanceof BootFailure
        ? String.valueOf(broken.getMessage())
        : "the machine failed: " + broken + where;
  }

  private ScheduledWork.Outcome runTurns(long nanos) {
    long end = config.clock().nanoTime().getAsLong() + nanos;
    do {
      takeMessages();
      boolean active = board().runTurn();
      MachineExit wanted = asked;
      if (wanted != null) {
        asked = null;
        if (!(wanted instanceof MachineExit.Reset) || !config.restartOnReset()) {
          publish();
          end(wanted);
          return ScheduledWork.FINISHED;
        }
        restart();
      } else if (!active) {
        return idle();
      }
    } while (config.clock().nanoTime().getAsLong() < end);
    return ScheduledWork.READY;
  }

  private ScheduledWork.Outcome idle() {
    long wait = board().nanosToNextTimer();
    return wait == 0
        ? ScheduledWork.READY
        : new ScheduledWork.Outcome.Idle(
            wait == Long.MAX_VALUE ? wait : config.clock().nanoTime().getAsLong() + wait);
  }

  private void takeMessages() {
    if (shutdownToTell) {
      shutdownToTell = false;
      control.requestShutdown();
    }
    for (Runnable next = messages.poll(); next != null; next = messages.poll()) {
      messageCount.decrementAndGet();
      next.run();
    }
    if (hasTyped) {
      byte[] some = new byte[1024];
      synchronized (boardLock) {
        int count = Math.min(some.length, board().typingRoom());
        int taken = typed.poll(some, 0, count);
        board().type(java.util.Arrays.copyOf(some, taken));
        hasTyped = !typed.isEmpty();
      }
    }
  }

  private void publish() {
    Board current = board();
    current.flushConsole();
    instructions = instructionsBefore + current.retired();
    touchedBytes = current.touchedBytes();
    faults = current.faults();
  }

  /// New hardware, loaded again; disks and counters stay.
  private void restart() {
    publish();
    synchronized (boardLock) {
      Board old = board();
      diskBefore = diskBefore.plus(traffic(2));
      networkBefore = networkBefore.plus(traffic(1));
      instructionsBefore += old.retired();
      devices = List.of();
      board = null;
      old.close();
      control = new ControlChannel(config.control());
      if (shutdownWanted) {
        control.requestShutdown();
      }
      board = makeBoard();
    }
    resets.incrementAndGet();
  }

  /// Closes everything; called when nothing runs, or by the slice that is the last.
  private void end(MachineExit exit) {
    synchronized (boardLock) {
      if (ended) {
        return;
      }
      ended = true;
      running = false;
    }
    // Not on the scheduler's thread: a disk may take long to be safe.
    exited.completeAsync(
        () -> {
          MachineExit lost = closeParts();
          return lost != null && !(exit instanceof MachineExit.Failed) ? lost : exit;
        },
        task -> Thread.ofPlatform().name(config.name() + "-exit").start(task));
  }

  /// What went wrong in closing, if something did.
  private @Nullable MachineExit closeParts() {
    synchronized (boardLock) {
      Board current = board;
      board = null;
      if (current != null) {
        current.close();
      }
    }
    try {
      disks.close();
      return null;
    } catch (IOException lost) {
      return new MachineExit.Failed("a disk could not be closed: " + lost.getMessage());
    }
  }
}
