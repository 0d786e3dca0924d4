package brume.node.hypervisor;

import brume.contract.EndCause;
import brume.contract.sync.VmCounters;
import brume.hypervisor.firmware.BootFailure;
import brume.hypervisor.machine.BootConfig;
import brume.hypervisor.machine.MachineConfig;
import brume.hypervisor.machine.MachineCounters;
import brume.hypervisor.machine.MachineExit;
import brume.hypervisor.machine.ProcessorShare;
import brume.hypervisor.machine.VirtualMachine;
import brume.hypervisor.machine.VirtualProcessorScheduler;
import brume.node.image.BootImage;
import brume.node.vm.MonotonicClock;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/// One guest in the emulator: a [VirtualMachine], or one after the other when it is rebooted from
/// outside. Its share of the processors is [GuestShare]'s; credits outlive a reboot.
final class EmulatedGuest implements Guest {
  private static final String READY = "ready";
  private static final long MIB = 1 << 20;

  private final Parts parts;
  private final GuestListener listener;
  private final Runnable whenDestroyed;
  private final ConsoleRing console = new ConsoleRing();

  /// Replaced under the lock, read without it: who counts must not wait for a machine to stop.
  private volatile Incarnation incarnation;

  // Guarded by this.
  private boolean started;
  private boolean destroyed;

  /// Set while a guest boots that was not heard to be ready; used by the machine's thread too.
  private volatile boolean booting;

  private volatile long bootedNanos;

  /// @param earlier what the machines before this one had counted when they ended
  private record Incarnation(VirtualMachine machine, VmCounters earlier) {
    VmCounters total() {
      MachineCounters now = machine.counters();
      return new VmCounters(
          earlier.instructions() + now.instructions(),
          earlier.cpuNanos() + now.cpuNanos(),
          now.memoryTouchedBytes(),
          earlier.diskReadBytes() + now.disk().bytesToGuest(),
          earlier.diskWrittenBytes() + now.disk().bytesFromGuest(),
          earlier.networkReceivedBytes() + now.network().bytesToGuest(),
          earlier.networkSentBytes() + now.network().bytesFromGuest(),
          earlier.guestResets() + now.resets());
    }
  }

  /// What each of its machines is made from.
  record Parts(
      GuestSpec spec,
      BootImage image,
      Path initrd,
      VirtualProcessorScheduler processors,
      MonotonicClock clock,
      RandomGenerator entropy) {}

  private EmulatedGuest(Parts parts, GuestListener listener, Runnable whenDestroyed)
      throws GuestRefused {
    this.parts = parts;
    this.listener = listener;
    this.whenDestroyed = whenDestroyed;
    this.incarnation = new Incarnation(load(GuestShare.atLaunch(parts.spec())), VmCounters.ZERO);
  }

  /// @param whenDestroyed called once; not when this throws
  static EmulatedGuest create(Parts parts, GuestListener listener, Runnable whenDestroyed)
      throws GuestRefused {
    EmulatedGuest guest = new EmulatedGuest(parts, listener, whenDestroyed);
    guest.watch();
    return guest;
  }

  private VirtualMachine load(ProcessorShare share) throws GuestRefused {
    GuestSpec spec = parts.spec();
    BootImage image = parts.image();
    try {
      MachineConfig config =
          MachineConfig.builder(
                  spec.instanceId(),
                  new BootConfig.Kernel(image.kernel(), parts.initrd(), image.commandLine()))
              .memoryBytes(spec.memoryMib() * MIB)
              .harts(spec.vcpu())
              .share(share)
              .entropy(parts.entropy())
              .console(console::append)
              .control(this::said)
              .build();
      return VirtualMachine.create(config, parts.processors());
    } catch (BootFailure | IllegalArgumentException unfit) {
      throw new GuestRefused(EndCause.GUEST_FAILURE, withoutPaths(unfit), unfit);
    } catch (UncheckedIOException full) {
      throw new GuestRefused(
          EndCause.NODE_REFUSED, "the node can't map the guest's memory: " + full, full);
    }
  }

  /// Users read these messages, and the node's paths are not theirs.
  private String withoutPaths(RuntimeException unfit) {
    return String.valueOf(unfit.getMessage())
        .replace(parts.image().kernel().toString(), "the image's kernel")
        .replace(parts.initrd().toString(), "the image's initrd");
  }

  private void watch() {
    VirtualMachine watched = incarnation.machine();
    var _ = watched.exited().thenAccept(exit -> ended(watched, exit));
  }

  private void ended(VirtualMachine ended, MachineExit exit) {
    synchronized (this) {
      if (destroyed || ended != incarnation.machine()) {
        return;
      }
    }
    switch (exit) {
      case MachineExit.PoweredOff(int status) ->
          listener.ended(
              status == 0
                  ? new GuestEnd.PoweredOff()
                  : new GuestEnd.Broken("the guest switched itself off with status " + status));
      case MachineExit.Failed(String reason) -> listener.ended(new GuestEnd.Broken(reason));
      case MachineExit.Reset() ->
          listener.ended(new GuestEnd.Broken("the guest asked for a reset it can't have"));
      case MachineExit.Stopped() ->
          listener.ended(new GuestEnd.Broken("its machine was switched off on the node"));
    }
  }

  /// On the machine's thread. The guest may say anything, any number of times.
  private void said(String line) {
    if (booting && line.equals(READY)) {
      booting = false;
      listener.ready(parts.clock().nanos() - bootedNanos);
    }
  }

  private void boot(VirtualMachine fresh) {
    bootedNanos = parts.clock().nanos();
    booting = true;
    fresh.start();
  }

  @Override
  public synchronized void start() {
    if (!started && !destroyed) {
      started = true;
      boot(incarnation.machine());
    }
  }

  @Override
  public synchronized void shutdown() {
    if (!destroyed) {
      var _ = incarnation.machine().requestShutdown();
    }
  }

  @Override
  public void reboot() {
    synchronized (this) {
      VirtualMachine old = incarnation.machine();
      if (destroyed || !started || old.state() == VirtualMachine.State.ENDED) {
        return;
      }
      old.stop();
      VmCounters earlier = incarnation.total();
      try {
        long credits = old.counters().creditNanos();
        incarnation = new Incarnation(load(GuestShare.withCredits(parts.spec(), credits)), earlier);
      } catch (GuestRefused refused) {
        listener.ended(new GuestEnd.Broken("it could not be rebooted: " + refused.getMessage()));
        return;
      }
      boot(incarnation.machine());
    }
    watch();
  }

  @Override
  public void destroy() {
    synchronized (this) {
      if (destroyed) {
        return;
      }
      destroyed = true;
      incarnation.machine().stop();
    }
    whenDestroyed.run();
  }

  @Override
  public ConsoleRing console() {
    return console;
  }

  @Override
  public int type(byte[] bytes) {
    return incarnation.machine().type(bytes, 0, bytes.length);
  }

  @Override
  public VmCounters counters() {
    return incarnation.total();
  }
}
