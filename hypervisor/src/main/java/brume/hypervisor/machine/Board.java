package brume.hypervisor.machine;

import brume.hypervisor.cpu.Hart;
import brume.hypervisor.cpu.HartConfig;
import brume.hypervisor.cpu.TimeSource;
import brume.hypervisor.device.Aclint;
import brume.hypervisor.device.ConsoleOutput;
import brume.hypervisor.device.GoldfishRtc;
import brume.hypervisor.device.HostTargetInterface;
import brume.hypervisor.device.InterruptLine;
import brume.hypervisor.device.MemoryMap;
import brume.hypervisor.device.Plic;
import brume.hypervisor.device.PowerControl;
import brume.hypervisor.device.Syscon;
import brume.hypervisor.device.TrafficCounter;
import brume.hypervisor.device.Uart16550;
import brume.hypervisor.device.virtio.VirtioDevice;
import brume.hypervisor.device.virtio.VirtioMmio;
import brume.hypervisor.firmware.BootLoader;
import brume.hypervisor.firmware.ElfProgram;
import brume.hypervisor.firmware.HartStates;
import brume.hypervisor.firmware.StealTime;
import brume.hypervisor.firmware.SupervisorBinaryInterface;
import brume.hypervisor.firmware.VirtTree;
import brume.hypervisor.memory.GuestRam;
import brume.hypervisor.memory.PhysicalMemory;
import brume.hypervisor.translator.BackgroundTranslator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The hardware of one machine from power-on to power-off or reset: RAM, harts, devices, wired
/// together and loaded. A reset makes a new one. Used by one thread at a time.
///
/// The harts take turns, each for a number of instructions, so a machine of several harts uses one
/// processor of the host. That keeps every run reproducible; harts in parallel come later.
final class Board implements AutoCloseable {
  /// Instructions of a turn: some tens of microseconds, so that the other harts, the timers and the
  /// host's input are never far away.
  static final long TURN_INSTRUCTIONS = 32_768;

  private static final int RNG_SEED_BYTES = 64;
  private static final int A2 = 12;

  private final MachineConfig config;
  private final PowerControl power;
  private final GuestRam ram;
  private final PhysicalMemory memory;
  private final TimeSource time;
  private final HartStates harts;
  private final StealTime stealTime;
  private final Aclint aclint;
  private final GoldfishRtc rtc;
  private final Uart16550 uart;
  private final ConsoleOutput console;
  private final List<VirtioMmio> virtio = new ArrayList<>();
  private int turn;
  private long retired;

  /// Throws [brume.hypervisor.firmware.BootFailure] for boot files that cannot be used.
  ///
  /// @param consoleTraffic counts over resets
  /// @param devices the virtio devices, in slot order; new ones for each board
  Board(
      MachineConfig config,
      PowerControl power,
      TrafficCounter consoleTraffic,
      List<VirtioDevice> devices) {
    this.config = config;
    this.power = power;
    this.ram = GuestRam.allocate(MemoryMap.RAM, config.memoryBytes());
    try {
      this.memory = new PhysicalMemory(ram);
      this.time = config.clock().ticks();
      this.console = new ConsoleOutput(config.console(), consoleTraffic);
      List<Hart> made = new ArrayList<>();
      Plic plic = new Plic(externalLines(made));
      this.uart = new Uart16550(console, consoleTraffic, plic.source(MemoryMap.UART_IRQ));
      boolean fullMachine = !(config.boot() instanceof BootConfig.Kernel);
      this.stealTime = new StealTime(ram, config.harts());
      SupervisorBinaryInterface sbi =
          new SupervisorBinaryInterface(ram, power, console, uart::poll, stealTime);
      HartConfig hartConfig =
          new HartConfig(
              fullMachine ? null : sbi,
              false,
              config.runner().seesEachInstruction() ? null : BackgroundTranslator.ofProcess());
      for (int id = 0; id < config.harts(); id++) {
        made.add(new Hart(id, memory, hartConfig, time));
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
    memory.map(base, length, DeviceFailure.named(name, device));
  }

  private void boot() {
    switch (config.boot()) {
      case BootConfig.Kernel(var kernel, var initrd, var commandLine) ->
          start(BootLoader.kernel(ram, kernel, initrd, tree(false, commandLine)));
      case BootConfig.Firmware(var firmware, var kernel, var initrd, var commandLine) ->
          start(BootLoader.firmware(ram, firmware, kernel, initrd, tree(true, commandLine)));
      case BootConfig.BareMetal(var elf) -> {
        ElfProgram program = ElfProgram.load(elf, ram);
        if (program.toHost() != 0) {
          watchHost(program);
        }
        start(new BootLoader.Start(program.entry(), 0, 0));
      }
    }
  }

  private void watchHost(ElfProgram program) {
    HostTargetInterface host =
        new HostTargetInterface(ram, program.toHost(), program.fromHost(), power, console);
    memory.watch(program.toHost(), host::stored);
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

  /// One turn of the next hart that has something to do, and before it whatever is due of timers
  /// and devices. False if no hart has.
  boolean runTurn() {
    advanceDevices();
    for (int tried = 0; tried < harts.size(); tried++) {
      int id = turn;
      turn = (turn + 1) % harts.size();
      if (harts.isStarted(id) && !harts.hart(id).isWaiting()) {
        retired += run(id);
        return true;
      }
    }
    return hasDeviceWork();
  }

  private long run(int id) {
    Hart hart = harts.hart(id);
    stealTime.enter(id, config.clock().nanoTime().getAsLong());
    long count = config.runner().run(hart, TURN_INSTRUCTIONS);
    boolean couldGoOn = harts.isStarted(id) && !hart.isWaiting();
    stealTime.leave(id, config.clock().nanoTime().getAsLong(), couldGoOn);
    return count;
  }

  /// The machine is paused: nothing of what follows is lost time.
  void pause() {
    stealTime.pause();
  }

  private void advanceDevices() {
    long now = time.now();
    aclint.advance(now);
    rtc.advance(now);
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

  /// Nanoseconds until a timer will have something to do; Long.MAX_VALUE if none will.
  long nanosToNextTimer() {
    long next = Math.min(aclint.nextDeadline(), rtc.nextDeadline());
    for (int id = 0; id < harts.size(); id++) {
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

  /// Ends the turn of the hart that runs.
  void requestExit() {
    for (int id = 0; id < harts.size(); id++) {
      harts.hart(id).requestExit();
    }
  }

  /// How many keystrokes the serial port has room for.
  int typingRoom() {
    return uart.room();
  }

  /// Keystrokes for the guest; returns how many had room.
  int type(byte[] bytes) {
    return uart.receive(bytes);
  }

  void flushConsole() {
    console.flush();
  }

  /// Instructions of all harts.
  long retired() {
    return retired;
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
