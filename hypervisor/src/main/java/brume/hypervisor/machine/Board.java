package brume.hypervisor.machine;

import brume.hypervisor.cpu.Hart;
import brume.hypervisor.cpu.HartConfig;
import brume.hypervisor.device.Aclint;
import brume.hypervisor.device.ConsoleOutput;
import brume.hypervisor.device.GoldfishRtc;
import brume.hypervisor.device.HostTargetInterface;
import brume.hypervisor.device.InterruptLine;
import brume.hypervisor.device.MachineTime;
import brume.hypervisor.device.MemoryMap;
import brume.hypervisor.device.Plic;
import brume.hypervisor.device.PowerControl;
import brume.hypervisor.device.Syscon;
import brume.hypervisor.device.TrafficCounter;
import brume.hypervisor.device.Uart16550;
import brume.hypervisor.device.virtio.VirtioDevice;
import brume.hypervisor.device.virtio.VirtioMmio;
import brume.hypervisor.firmware.BootFailure;
import brume.hypervisor.firmware.BootLoader;
import brume.hypervisor.firmware.ElfProgram;
import brume.hypervisor.firmware.HartStates;
import brume.hypervisor.firmware.SignatureRegion;
import brume.hypervisor.firmware.StealTime;
import brume.hypervisor.firmware.SupervisorBinaryInterface;
import brume.hypervisor.firmware.VirtTree;
import brume.hypervisor.memory.GuestRam;
import brume.hypervisor.memory.PhysicalMemory;
import brume.hypervisor.translator.BackgroundTranslator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The hardware of one machine from power-on to power-off or reset: RAM, harts, devices, wired
/// together and loaded. A reset makes a new one.
///
/// Each hart belongs to one thread at a time; devices, and what the firmware prints and reads, are
/// used under the [DeviceLock]. Who holds that lock never waits for a hart.
final class Board implements AutoCloseable {
  /// Instructions of a turn: some tens of microseconds, so that the other harts, the timers and the
  /// host's input are never far away.
  static final long TURN_INSTRUCTIONS = 32_768;

  /// 5 s: how long code stays decoded that is not run, at least.
  private static final long UNUSED_TICKS = 5_000_000_000L / MachineClock.NANOS_PER_TICK;

  private static final int RNG_SEED_BYTES = 64;
  private static final int A2 = 12;

  private final MachineConfig config;
  private final PowerControl power;
  private Runnable atPowerOff = () -> {};
  private final GuestRam ram;
  private final PhysicalMemory memory;
  private long codeSeenTo;
  private final MachineTime time;
  private final HartStates harts;
  private final StealTime stealTime;
  private final Aclint aclint;
  private final GoldfishRtc rtc;
  private final Uart16550 uart;
  private final ConsoleOutput console;
  private final List<VirtioMmio> virtio = new ArrayList<>();
  private final LongAdder retired = new LongAdder();
  private final DeviceLock deviceLock;

  /// Throws [brume.hypervisor.firmware.BootFailure] for boot files that cannot be used.
  ///
  /// @param consoleTraffic counts over resets
  /// @param devices the virtio devices, in slot order; new ones for each board
  /// @param signalled told the number of a hart that should look at its signals; any thread
  Board(
      MachineConfig config,
      PowerControl power,
      TrafficCounter consoleTraffic,
      List<VirtioDevice> devices,
      IntConsumer signalled) {
    this.config = config;
    this.deviceLock = new DeviceLock(config.clock().nanoTime());
    this.power =
        new PowerControl() {
          @Override
          public void powerOff(int status) {
            atPowerOff.run();
            power.powerOff(status);
          }

          @Override
          public void reset() {
            power.reset();
          }
        };
    this.ram = GuestRam.allocate(MemoryMap.RAM, config.memoryBytes());
    try {
      this.memory = new PhysicalMemory(ram);

      this.time = new MachineTime(config.clock().ticks());
      this.console = new ConsoleOutput(config.console(), consoleTraffic);
      List<Hart> made = new ArrayList<>();
      Plic plic = new Plic(externalLines(made));
      this.uart = new Uart16550(console, consoleTraffic, plic.source(MemoryMap.UART_IRQ));
      boolean fullMachine = !(config.boot() instanceof BootConfig.Kernel);
      this.stealTime = new StealTime(ram, config.harts());
      SupervisorBinaryInterface sbi =
          new SupervisorBinaryInterface(
              ram, this.power, console, uart::poll, deviceLock::run, stealTime);
      HartConfig hartConfig =
          new HartConfig(
              fullMachine ? null : sbi,
              config.inParallel(),
              config.isTranslated() ? BackgroundTranslator.ofProcess() : null);
      for (int id = 0; id < config.harts(); id++) {
        int number = id;
        Hart hart = new Hart(id, memory, hartConfig, time);
        hart.whenSignalled(() -> signalled.accept(number));
        made.add(hart);
      }
      this.harts = new HartStates(made, fullMachine);
      sbi.attach(harts);
      this.aclint = new Aclint(time, lines(made, Hart.MSIP), lines(made, Hart.MTIP));
      this.rtc = new GoldfishRtc(config.clock()::epochNanos, time, plic.source(MemoryMap.RTC_IRQ));
      mapDevices(plic, devices);
      boot();
    } catch (RuntimeException | Error refused) {
      ram.close();
      throw refused;
    }
  }

  /// The PLIC exists before the harts; its wires find them when they are first used.
  private InterruptLine[] externalLines(List<Hart> made) {
    InterruptLine[] lines = new InterruptLine[2 * config.harts()];
    for (int id = 0; id < config.harts(); id++) {
      int hart = id;
      lines[2 * id] = level -> made.get(hart).setInterrupt(Hart.MEIP, level);
      lines[2 * id + 1] = level -> made.get(hart).setInterrupt(Hart.SEIP, level);
    }
    return lines;
  }

  private static InterruptLine[] lines(List<Hart> harts, int bit) {
    return harts.stream()
        .<InterruptLine>map(hart -> level -> hart.setInterrupt(bit, level))
        .toArray(InterruptLine[]::new);
  }

  private void mapDevices(Plic plic, List<VirtioDevice> devices) {
    map("syscon", MemoryMap.SYSCON, MemoryMap.SYSCON_LENGTH, new Syscon(power));
    map("rtc", MemoryMap.RTC, MemoryMap.RTC_LENGTH, rtc);
    map("aclint", MemoryMap.ACLINT, MemoryMap.ACLINT_LENGTH, aclint);
    map("plic", MemoryMap.PLIC, MemoryMap.PLIC_LENGTH, plic);
    map("serial", MemoryMap.UART, MemoryMap.UART_LENGTH, uart);
    for (int slot = 0; slot < devices.size(); slot++) {
      VirtioDevice device = devices.get(slot);
      VirtioMmio transport = new VirtioMmio(device, ram, plic.source(MemoryMap.virtioIrq(slot)));
      virtio.add(transport);
      map(device.name(), MemoryMap.virtioAddress(slot), MemoryMap.VIRTIO_LENGTH, transport);
    }
  }

  private void map(String name, long base, long length, brume.hypervisor.memory.MmioDevice device) {
    memory.map(base, length, deviceLock.guard(DeviceFailure.named(name, device)));
  }

  private void boot() {
    switch (config.boot()) {
      case BootConfig.Kernel(var kernel, var initrd, var commandLine) ->
          start(BootLoader.kernel(ram, kernel, initrd, tree(false, commandLine)));
      case BootConfig.Firmware(var firmware, var kernel, var initrd, var commandLine) ->
          start(BootLoader.firmware(ram, firmware, kernel, initrd, tree(true, commandLine)));
      case BootConfig.BareMetal(var elf, var signature) -> {
        ElfProgram program = ElfProgram.load(elf, ram);
        if (signature != null) {
          keepSignature(program.signature(), signature);
        }
        if (program.toHost() != 0) {
          watchHost(program);
        }
        start(new BootLoader.Start(program.entry(), 0, 0));
      }
    }
  }

  private void keepSignature(@Nullable SignatureRegion region, Path file) {
    if (region == null) {
      throw new BootFailure(
          "signature", "the program has no symbols begin_signature and end_signature");
    }
    region.prepare(ram, file);
    atPowerOff = () -> region.write(ram, file);
  }

  private void watchHost(ElfProgram program) {
    HostTargetInterface host =
        new HostTargetInterface(ram, program.toHost(), program.fromHost(), power, console);
    memory.watch(
        program.toHost(), (address, bytes) -> deviceLock.run(() -> host.stored(address, bytes)));
  }

  private Function<VirtTree.@Nullable Region, byte[]> tree(boolean full, String commandLine) {
    byte[] seed = new byte[RNG_SEED_BYTES];
    config.entropy().nextBytes(seed);
    return initrd ->
        new VirtTree(ram.size(), config.harts(), virtio.size(), full, commandLine, initrd)
            .write(seed);
  }

  private void start(BootLoader.Start start) {
    for (int id = 0; id < harts.size(); id++) {
      harts.hart(id).reset(start.entry(), start.deviceTree());
      harts.hart(id).setX(A2, start.dynamicInfo());
    }
  }

  DeviceLock deviceLock() {
    return deviceLock;
  }

  /// One turn of a hart, on its thread; false if it has nothing to do.
  boolean runTurn(int id) {
    if (!canRun(id)) {
      return false;
    }
    Hart hart = harts.hart(id);
    harts.resume(id);
    stealTime.enter(id, config.clock().nanoTime().getAsLong());
    retired.add(config.runner().run(hart, TURN_INSTRUCTIONS));
    harts.settle(id);
    stealTime.leave(id, config.clock().nanoTime().getAsLong(), canRun(id));
    return true;
  }

  /// Whether a hart ended its turn to let another one run.
  boolean hasGivenWay(int id) {
    return harts.hart(id).hasGivenWay();
  }

  private boolean canRun(int id) {
    return harts.isStarted(id) && !harts.hart(id).isWaiting();
  }

  /// Whether one of these harts or a device has something to do.
  boolean hasWork(int firstHart, int count) {
    for (int id = firstHart; id < firstHart + count; id++) {
      if (canRun(id)) {
        return true;
      }
    }
    deviceLock.lock();
    try {
      return hasDeviceWork();
    } finally {
      deviceLock.unlock();
    }
  }

  /// The machine is paused: nothing of what follows is lost time.
  void pause() {
    stealTime.pause();
  }

  /// Whatever is due of timers and devices; under the device lock.
  void advanceDevices() {
    long now = time.now();
    aclint.advance(now);
    rtc.advance(now);
    if (now - codeSeenTo > UNUSED_TICKS) {
      codeSeenTo = now;
      memory.forgetUnusedCode();
    }
    for (VirtioMmio transport : virtio) {
      if (transport.hasWork()) {
        try {
          transport.poll();
        } catch (RuntimeException broken) {
          throw new DeviceFailure(transport.device().name(), broken);
        }
      }
    }
  }

  private boolean hasDeviceWork() {
    for (VirtioMmio transport : virtio) {
      if (transport.hasWork()) {
        return true;
      }
    }
    return false;
  }

  /// Nanoseconds until a timer will have something to do for one of these harts; Long.MAX_VALUE if
  /// none will. The clock's alarm is seen to by hart 0's thread.
  long nanosToNextTimer(int firstHart, int count) {
    long next = Long.MAX_VALUE;
    deviceLock.lock();
    try {
      for (int id = firstHart; id < firstHart + count; id++) {
        next = Math.min(next, aclint.nextDeadline(id));
      }
      if (firstHart == 0) {
        next = Math.min(next, rtc.nextDeadline());
      }
    } finally {
      deviceLock.unlock();
    }
    for (int id = firstHart; id < firstHart + count; id++) {
      if (harts.isStarted(id)) {
        next = Math.min(next, harts.hart(id).nextTimerTime());
      }
    }
    if (next == Long.MAX_VALUE) {
      return Long.MAX_VALUE;
    }
    long ticks = Math.max(0, next - time.now());
    return ticks > Long.MAX_VALUE / 4 / MachineClock.NANOS_PER_TICK
        ? Long.MAX_VALUE
        : ticks * MachineClock.NANOS_PER_TICK;
  }

  HartStates harts() {
    return harts;
  }

  /// Ends the turns of the harts that run; any thread.
  void requestExit() {
    for (int id = 0; id < harts.size(); id++) {
      harts.hart(id).requestExit();
    }
  }

  /// How many keystrokes, under the device lock, the serial port has room for.
  int typingRoom() {
    return uart.room();
  }

  /// Keystrokes for the guest, under the device lock; returns how many had room.
  int type(byte[] bytes) {
    return uart.receive(bytes);
  }

  /// Under the device lock.
  void flushConsole() {
    console.flush();
  }

  /// Instructions of all harts.
  long retired() {
    return retired.sum();
  }

  long touchedBytes() {
    return ram.touchedBytes();
  }

  /// Virtio devices that are out of order.
  int faults() {
    int count = 0;
    for (VirtioMmio transport : virtio) {
      if (transport.fault() != null) {
        count++;
      }
    }
    return count;
  }

  @Override
  public void close() {
    ram.close();
  }
}
