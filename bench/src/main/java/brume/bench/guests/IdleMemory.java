package brume.bench.guests;

import brume.bench.Processes;
import brume.hypervisor.machine.BootConfig;
import brume.hypervisor.machine.MachineConfig;
import brume.hypervisor.machine.VirtualMachine;
import brume.hypervisor.machine.VirtualProcessorScheduler;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Many guests in one JVM that have booted and wait: what each takes beside the pages it has
/// touched. Private memory is counted by `Anonymous` in `/proc/self/smaps`, as a guest's RAM is a
/// private mapping, and after a collection; a collector that keeps its heap would otherwise be
/// counted for garbage. The JVM's own memory is in the figure, shared by the guests, as it is what
/// the host has to have.
final class IdleMemory {
  private static final double LEAST_MB = 20, AIM_MB = 5;
  private static final long GUEST_BYTES = 128L << 20;
  private static final int MINUTES_MAX = 10;
  private static final double MB = 1e6;
  private static final Duration IDLE = Duration.ofSeconds(10);

  /// A guest that has nothing to do gives its decoded code back after 10 to 16 s.
  private static final Duration SETTLING = Duration.ofSeconds(17);

  private IdleMemory() {}

  /// In a JVM of its own, with the options of `./brume`.
  static void measure(int guests, List<Engine.Brume> brumes, GuestFiles files, PrintStream out)
      throws IOException, InterruptedException {
    Path initrd = files.initrd("idle", null);
    for (Engine.Brume brume : brumes) {
      List<String> options = new ArrayList<>(brume.jvm());
      options.add("-Dbrume.translator=" + brume.translator());
      Process process =
          Processes.java(
                  options,
                  IdleMemory.class.getName(),
                  List.of(
                      Integer.toString(guests),
                      files.kernel().toString(),
                      initrd.toString(),
                      files.append("idle", 1)))
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      out.println("  " + brume.label() + ": " + said);
      if (process.waitFor() != 0) {
        throw new IOException("the JVM of the idle guests ended with " + process.exitValue());
      }
    }
  }

  /// The process that is measured: `COUNT KERNEL INITRD APPEND`.
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int count = Integer.parseInt(arguments[0]);
    BootConfig.Kernel boot =
        new BootConfig.Kernel(Path.of(arguments[1]), Path.of(arguments[2]), arguments[3]);
    CountDownLatch up = new CountDownLatch(count);
    List<VirtualMachine> machines = new ArrayList<>();
    try (VirtualProcessorScheduler scheduler = VirtualProcessorScheduler.ofProcessors()) {
      double before = anonymousMb();
      for (int i = 0; i < count; i++) {
        machines.add(
            VirtualMachine.create(
                MachineConfig.builder("idle" + i, boot)
                    .memoryBytes(GUEST_BYTES)
                    .console(new UpSignal(up)::accept)
                    .build(),
                scheduler));
      }
      machines.forEach(VirtualMachine::start);
      if (!up.await(MINUTES_MAX, TimeUnit.MINUTES)) {
        System.out.println(up.getCount() + " guests did not come up");
        System.exit(1);
      }
      Thread.sleep(SETTLING.toMillis());
      reportProcessors(machines);
      report(machines, before);
      machines.forEach(VirtualMachine::close);
    }
  }

  @SuppressWarnings("SystemGc") // garbage is not what is measured
  private static void report(List<VirtualMachine> machines, double before) throws IOException {
    System.gc();
    double touched = machines.stream().mapToLong(m -> m.counters().memoryTouchedBytes()).sum() / MB;
    double all = anonymousMb();
    double each = (all - touched) / machines.size();
    double more = (all - touched - before) / machines.size();
    String verdict = each <= AIM_MB ? "aim reached" : each <= LEAST_MB ? "least reached" : "MISSED";
    System.out.printf(
        Locale.ROOT,
        "%d guests of %d MiB up and idle: %.0f MB in all, %.0f of them touched by guests;"
            + " beyond that %.1f MB each (%.1f without the empty JVM; heap in use %.0f MB, kept by the"
            + " JVM %.0f);"
            + " at most %.0f, aim %.0f: %s%n",
        machines.size(),
        GUEST_BYTES >> 20,
        all,
        touched,
        each,
        more,
        (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / MB,
        Runtime.getRuntime().totalMemory() / MB,
        LEAST_MB,
        AIM_MB,
        verdict);
  }

  /// What sleeping guests cost: their own processor time, and the whole process's.
  private static void reportProcessors(List<VirtualMachine> machines) throws InterruptedException {
    long guests = machines.stream().mapToLong(m -> m.counters().cpuNanos()).sum();
    Duration process = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    Thread.sleep(IDLE.toMillis());
    long more = machines.stream().mapToLong(m -> m.counters().cpuNanos()).sum() - guests;
    Duration moreProcess =
        ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).minus(process);
    System.out.printf(
        Locale.ROOT,
        "processor time of %d idle guests in %d s: %.1f ms in the guests, %d ms of the process%n",
        machines.size(),
        IDLE.toSeconds(),
        more / 1e6,
        moreProcess.toMillis());
  }

  private static double anonymousMb() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/smaps"))) {
      return lines
              .filter(line -> line.startsWith("Anonymous:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
              .sum()
          * 1024
          / MB;
    }
  }

  /// Counts down when the guest's init has spoken.
  private static final class UpSignal {
    private static final String WORDS = "bench: up";
    private final CountDownLatch up;
    private final AtomicBoolean seen = new AtomicBoolean();
    private int matched;

    UpSignal(CountDownLatch up) {
      this.up = up;
    }

    void accept(byte[] bytes, int offset, int length) {
      for (int i = offset; i < offset + length; i++) {
        matched =
            bytes[i] == WORDS.charAt(matched) ? matched + 1 : (bytes[i] == WORDS.charAt(0) ? 1 : 0);
        if (matched == WORDS.length()) {
          matched = 0;
          if (seen.compareAndSet(false, true)) {
            up.countDown();
          }
        }
      }
    }
  }
}
