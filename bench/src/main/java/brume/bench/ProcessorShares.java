package brume.bench;

import brume.hypervisor.machine.BootConfig;
import brume.hypervisor.machine.MachineConfig;
import brume.hypervisor.machine.MachineCounters;
import brume.hypervisor.machine.ProcessorShare;
import brume.hypervisor.machine.VirtualMachine;
import brume.hypervisor.machine.VirtualProcessorScheduler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What busy guests get of the processors beside each other, as a part of what there is, and what a
/// guest gains from more harts. The guests are two instructions in M-mode that count for ever.
final class ProcessorShares {
  private static final int[] COUNT_FOR_EVER = {0x0012_8293, 0xffdf_f06f};
  private static final long WARM_MILLIS = 1_000, MEASURED_MILLIS = 3_000;
  private static final double NANOS_PER_SECOND = 1e9;

  private ProcessorShares() {}

  /// Harts and weight of one guest.
  private record Guest(int harts, int weight) {}

  private static final List<List<Guest>> TOGETHER =
      List.of(
          List.of(new Guest(1, 100), new Guest(1, 100), new Guest(1, 100), new Guest(1, 100)),
          List.of(new Guest(4, 100), new Guest(4, 300)),
          List.of(new Guest(8, 100), new Guest(8, 100), new Guest(1, 100)),
          List.of(new Guest(1, 100)),
          List.of(new Guest(4, 100)));

  /// @param runs how often; each is printed
  static void measure(int runs) throws IOException, InterruptedException {
    Path program = Files.createTempFile("brume-busy", ".bin");
    try {
      ByteBuffer code =
          ByteBuffer.allocate(4 * COUNT_FOR_EVER.length).order(ByteOrder.LITTLE_ENDIAN);
      code.asIntBuffer().put(COUNT_FOR_EVER);
      Files.write(program, code.array());
      for (int run = 0; run < runs; run++) {
        for (List<Guest> guests : TOGETHER) {
          measure(program, guests);
        }
      }
    } finally {
      Files.delete(program);
    }
  }

  private static void measure(Path program, List<Guest> guests) throws InterruptedException {
    List<VirtualMachine> machines = new ArrayList<>();
    try (VirtualProcessorScheduler scheduler = VirtualProcessorScheduler.ofProcessors()) {
      for (Guest guest : guests) {
        MachineConfig config =
            MachineConfig.builder("busy", new BootConfig.Firmware(program, null, null, ""))
                .memoryBytes(16 << 20)
                .harts(guest.harts())
                .share(ProcessorShare.ofWeight(guest.weight()))
                .build();
        machines.add(VirtualMachine.create(config, scheduler));
      }
      machines.forEach(VirtualMachine::start);
      Thread.sleep(WARM_MILLIS);
      List<MachineCounters> before = machines.stream().map(VirtualMachine::counters).toList();
      Thread.sleep(MEASURED_MILLIS);
      List<MachineCounters> after = machines.stream().map(VirtualMachine::counters).toList();
      machines.forEach(VirtualMachine::close);
      print(guests, before, after);
    }
  }

  private static void print(
      List<Guest> guests, List<MachineCounters> before, List<MachineCounters> after) {
    double all = 0;
    for (int i = 0; i < guests.size(); i++) {
      all += after.get(i).cpuNanos() - before.get(i).cpuNanos();
    }
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < guests.size(); i++) {
      double cpu = after.get(i).cpuNanos() - before.get(i).cpuNanos();
      double instructions = after.get(i).instructions() - before.get(i).instructions();
      line.append(
          String.format(
              Locale.ROOT,
              "  %dx%d: %.1f %%, %.0f M/s",
              guests.get(i).weight(),
              guests.get(i).harts(),
              100 * cpu / all,
              instructions / MEASURED_MILLIS / 1000));
    }
    System.out.printf(
        Locale.ROOT,
        "shares (weight x harts: part of the processor time used, instructions)%s;"
            + " %.2f processors used%n",
        line,
        all / NANOS_PER_SECOND * 1000 / MEASURED_MILLIS);
  }
}
