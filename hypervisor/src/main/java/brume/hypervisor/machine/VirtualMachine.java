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
/// Each hart is a [VirtualProcessor] of the [VirtualProcessorScheduler] (or all of them together
/// are one, where they are to take turns). Whatever reaches the guest from outside (keystrokes,
/// frames, requests) goes through one queue and in between two turns. What goes wrong in here ends
/// this machine as [MachineExit.Failed] and touches no other.
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
  private final List<VirtualProcessor> processors;
  private final ShareQueue.Party party;
  private final Occupancy occupancy = new Occupancy();
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

  private VirtualMachine(MachineConfig config, VirtualProcessorScheduler scheduler) {
    this.config = config;
    this.scheduler = scheduler;
    this.disks = Disks.open(config.disks());
    this.control = new ControlChannel(config.control());
    this.processors = makeProcessors();
    try {
      this.board = makeBoard();
      this.party = scheduler.add(processors, config.share());
      for (int index = 0; index < processors.size(); index++) {
        processors.get(index).sit(party.seats().get(index));
      }
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

  private List<VirtualProcessor> makeProcessors() {
    List<VirtualProcessor> made = new ArrayList<>();
    int harts = config.inParallel() ? 1 : config.harts();
    for (int first = 0; first < config.harts(); first += harts) {
      made.add(new VirtualProcessor(this, config.clock().nanoTime(), first, harts));
    }
    return made;
  }

  private void signalled(int hart) {
    for (VirtualProcessor processor : processors) {
      if (processor.has(hart)) {
        processor.wake(scheduler);
      }
    }
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
    return new Board(config, power, consoleTraffic, made, this::signalled);
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
    // of whatever it holds.
    return exited.copy().join();
  }

  /// From PAUSED to RUNNING; no effect otherwise.
  public void start() {
    running = true;
    scheduler.resume(party);
  }

  public void resume() {
    start();
  }

  /// Returns when no instruction runs any more until [#resume]. Time goes on for the guest.
  public void pause() {
    running = false;
    scheduler.suspend(party);
    synchronized (boardLock) {
      Board current = board;
      if (current != null) {
        current.pause();
      }
    }
  }

  /// Switches off at once, as pulling the plug does; returns when nothing runs and all is closed.
  public void stop() {
    scheduler.stop(party);
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
    scheduler.setShare(party, share);
  }

  /// Asks the guest to shut down by itself, by the line `shutdown` on its control channel; it is
  /// held until the guest opens that. False if the guest does not listen yet.
  public boolean requestShutdown() {
    boolean listens = control.isOpen();
    shutdownWanted = true;
    shutdownToTell = true;
    processors.getFirst().wake(scheduler);
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
      processors.getFirst().wake(scheduler);
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
        scheduler.cpuNanos(party),
        scheduler.creditNanos(party),
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
    try {
      messages.add(message);
    } catch (OutOfMemoryError lost) {
      messageCount.decrementAndGet();
      return false;
    }
    processors.getFirst().wake(scheduler);
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
      occupancy.ask(what);
      board().requestExit();
    }
  }

  Board board() {
    Board current = board;
    if (current == null) {
      throw new IllegalStateException("machine " + config.name() + " has ended");
    }
    return current;
  }

  Occupancy occupancy() {
    return occupancy;
  }

  boolean hasEnded() {
    return ended;
  }

  /// Something went wrong inside, on the thread of one of the processors. Does not throw, whatever
  /// it was.
  void fail(Throwable broken) {
    occupancy.ask(MachineExit.Failed.of(broken));
    try {
      Board current = board;
      if (current != null) {
        current.requestExit();
      }
    } catch (Throwable again) {
      // They look after each turn whether they are to leave.
    }
  }

  /// What was asked of the power switch, done by the last processor that left.
  ScheduledWork.Outcome carryOut(MachineExit wanted) {
    MachineExit end = wanted;
    try {
      publish();
      if (wanted instanceof MachineExit.Reset && config.restartOnReset()) {
        restart();
        occupancy.reopen();
        scheduler.wakeAll(party);
        return ScheduledWork.READY;
      }
    } catch (Throwable broken) {
      end = wanted instanceof MachineExit.Failed ? wanted : MachineExit.Failed.of(broken);
    }
    try {
      end(end);
    } catch (Throwable notNow) {
      // No thread to close it with: the host is short of memory. The scheduler comes back to it.
      occupancy.postpone(end);
      return ScheduledWork.READY;
    }
    scheduler.abandon(party);
    return ScheduledWork.FINISHED;
  }

  /// Lets messages and devices have their turn. Who has nothing else to do is patient; the others
  /// come again soon, and whoever is at it does it for them.
  void attend(boolean patient) {
    DeviceLock devicesFree = board().deviceLock();
    if (patient) {
      devicesFree.lock();
    } else if (!devicesFree.tryLock()) {
      return;
    }
    try {
      takeMessages();
      board().advanceDevices();
    } finally {
      devicesFree.unlock();
    }
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

  /// Makes public what the guest printed and used. How long threads were held up by disks, and by
  /// waiting for each other's devices, since this was last called.
  long publish() {
    Board current = board();
    DeviceLock lock = current.deviceLock();
    lock.lock();
    try {
      current.flushConsole();
      faults = current.faults();
      instructions = instructionsBefore + current.retired();
      touchedBytes = current.touchedBytes();
      long blocked = lock.takeWaitedNanos();
      for (VirtioDevice device : devices) {
        if (device instanceof VirtioBlock disk) {
          blocked += disk.takeStorageNanos();
        }
      }
      return blocked;
    } finally {
      lock.unlock();
    }
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

  /// Closes everything; called when nothing runs, or by the last processor out. Where it throws,
  /// nothing has happened and it can be called again.
  private void end(MachineExit exit) {
    synchronized (boardLock) {
      if (ended) {
        return;
      }
      running = false;
      // Not on the scheduler's thread: a disk may take long to be safe.
      exited.completeAsync(
          () -> {
            MachineExit lost = closeParts();
            return lost != null && !(exit instanceof MachineExit.Failed) ? lost : exit;
          },
          task -> scheduler.closeElsewhere(config.name(), task));
      ended = true;
    }
  }

  /// What went wrong in closing, if something did.
  private @Nullable MachineExit closeParts() {
    try {
      synchronized (boardLock) {
        Board current = board;
        board = null;
        if (current != null) {
          current.close();
        }
      }
      disks.close();
      return null;
    } catch (IOException lost) {
      return new MachineExit.Failed("a disk could not be closed: " + lost.getMessage());
    } catch (RuntimeException | Error broken) {
      return MachineExit.Failed.of(broken);
    }
  }
}
