package brume.bench.guests;

import brume.node.image.ImageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Runs the set on every engine, one process at a time and the engines in turn, so that a machine
/// that becomes slower meanwhile slows all of them. A program that does not give its sum is shown
/// as wrong and left out of the means.
@Command(
    name = "bench guests",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Runs guest programs in Brume and QEMU and compares processor seconds.")
public final class GuestBench implements Callable<Integer> {
  private static final int RUNS_MAX = 99;
  private static final int IDLE = 32;
  private static final int IDLE_MAX = 1000;

  @Option(
      names = "--class",
      paramLabel = "CLASS",
      description = "Only these: ${COMPLETION-CANDIDATES}; repeatable.")
  private List<Workload> workloads = new ArrayList<>();

  @Option(
      names = "--program",
      paramLabel = "NAME",
      description = "Only these: ${COMPLETION-CANDIDATES}; repeatable.")
  private List<GuestProgram> programs = new ArrayList<>();

  @Option(names = "--quick", description = "A tenth of the work: for a first look only.")
  private boolean quick;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Runs of each, of which the median counts (default: ${DEFAULT-VALUE}).")
  private int runs = 3;

  @Option(
      names = "--translator",
      paramLabel = "on|off|both",
      description = "Brume with its translator, without, or both (default: ${DEFAULT-VALUE}).")
  private Translator translator = Translator.ON;

  @Option(
      names = "--qemu",
      paramLabel = "PROGRAM",
      description =
          "A QEMU to compare with; repeatable, the better one counts. Default:"
              + " qemu-system-riscv64 where it is installed. 'none' leaves it out.")
  private List<String> qemus = new ArrayList<>();

  @Option(
      names = "--idle",
      paramLabel = "N",
      description =
          "Guests of the idle memory measurement, 0 for none (default: ${DEFAULT-VALUE}, and none"
              + " where programs are chosen).")
  private int idle = IDLE;

  @Option(
      names = "--jvm",
      paramLabel = "OPTION",
      description = "One more option for Brume's JVM, as --jvm=-Xint; repeatable.")
  private List<String> jvm = new ArrayList<>();

  @Option(
      names = "--start-cache",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description =
          "Without it Brume's JVM starts as ./brume vm does the first time, not as every later time.")
  private boolean startCache;

  private final PrintStream out = System.out;

  enum Translator {
    ON,
    OFF,
    BOTH
  }

  private GuestBench() {}

  /// Returns the status for the shell: 0, 1 where a guest failed, or 2 for wrong options.
  public static int run(List<String> arguments) {
    return new CommandLine(new GuestBench())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(arguments.toArray(String[]::new));
  }

  @Override
  public Integer call() throws IOException, InterruptedException, ImageException {
    if (runs < 1 || runs > RUNS_MAX) {
      System.err.println("--runs must be 1 to " + RUNS_MAX + ", not " + runs);
      return 2;
    }
    if (idle < 0 || idle > IDLE_MAX) {
      System.err.println("--idle must be 0 to " + IDLE_MAX + ", not " + idle);
      return 2;
    }
    List<Engine> engines = engines();
    try (GuestFiles files = GuestFiles.make()) {
      Path initrd = files.initrd("initrd", null);
      prepare(engines, files, initrd);
      out.printf("boot, %d runs of each%n", runs);
      Map<Engine, Figures> boot =
          measure(engines, files, initrd, "boot", new GuestProgram.Size(1, 0));
      GuestTable table = new GuestTable(engines, boot, runs, quick);
      for (GuestProgram program : chosen()) {
        GuestProgram.Size size = program.size(quick);
        Path disk = initrd;
        if (program == GuestProgram.COLD) {
          ColdCode.Program cold = ColdCode.of((int) size.times());
          disk = files.initrd("cold", cold.file());
          size = new GuestProgram.Size(size.times(), cold.sum());
        }
        out.printf(
            "%s, %d times (%s)%n", program.label(), size.times(), program.workload().words());
        table.add(program, measure(engines, files, disk, program.label(), size));
      }
      out.println();
      table.print(out);
      idle(engines, files);
      return table.failed() ? 1 : 0;
    }
  }

  /// `./brume vm` keeps a cache of loaded classes and profiles from its first run on; so has ours.
  private void prepare(List<Engine> engines, GuestFiles files, Path initrd)
      throws IOException, InterruptedException {
    for (int i = 0; startCache && i < engines.size(); i++) {
      if (engines.get(i) instanceof Engine.Brume brume) {
        Path cache = files.path(brume.translator() + ".aot");
        Engine recording = brume.with("-XX:AOTCacheOutput=" + cache);
        GuestRun.of(recording.command(files.kernel(), initrd, files.append("boot", 1)));
        if (!Files.exists(cache)) {
          throw new IOException("the JVM made no cache for fast starts; --no-start-cache goes on");
        }
        engines.set(i, brume.with("-XX:AOTCache=" + cache));
      }
    }
  }

  private void idle(List<Engine> engines, GuestFiles files)
      throws IOException, InterruptedException {
    boolean some = workloads.isEmpty() && programs.isEmpty();
    if (idle == 0 || (idle == IDLE && !some)) {
      return;
    }
    out.println("idle memory");
    List<Engine.Brume> brumes =
        engines.stream()
            .filter(Engine.Brume.class::isInstance)
            .map(Engine.Brume.class::cast)
            .toList();
    IdleMemory.measure(idle, brumes, files, out);
  }

  private List<GuestProgram> chosen() {
    List<GuestProgram> all = new ArrayList<>(List.of(GuestProgram.values()));
    if (!workloads.isEmpty() || !programs.isEmpty()) {
      all.removeIf(p -> !workloads.contains(p.workload()) && !programs.contains(p));
    }
    return all;
  }

  private List<Engine> engines() throws InterruptedException {
    List<Engine> engines = new ArrayList<>();
    if (translator != Translator.OFF) {
      engines.add(new Engine.Brume("on", jvm));
    }
    if (translator != Translator.ON) {
      engines.add(new Engine.Brume("off", jvm));
    }
    for (String qemu : qemus.isEmpty() ? List.of("qemu-system-riscv64") : qemus) {
      if (qemu.equals("none")) {
        continue;
      }
      try {
        engines.add(Engine.Qemu.find(qemu));
      } catch (IOException e) {
        System.err.println("without QEMU: " + e.getMessage());
      }
    }
    return engines;
  }

  private Map<Engine, Figures> measure(
      List<Engine> engines, GuestFiles files, Path initrd, String program, GuestProgram.Size size)
      throws InterruptedException {
    Map<Engine, Figures> all = new LinkedHashMap<>();
    for (int run = 0; run < runs; run++) {
      for (Engine engine : engines) {
        Figures figures = all.computeIfAbsent(engine, _ -> new Figures());
        List<String> command =
            engine.command(files.kernel(), initrd, files.append(program, size.times()));
        try {
          GuestRun.Outcome outcome = GuestRun.of(command);
          figures.add(outcome, outcome.sum() == size.sum());
          out.printf(Locale.ROOT, "  %-18s %s%n", engine.label(), words(outcome, size.sum()));
        } catch (IOException e) {
          figures.fail();
          out.printf("  %-18s %s%n", engine.label(), e.getMessage());
        }
      }
    }
    return all;
  }

  private static String words(GuestRun.Outcome outcome, long expected) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "cpu %6.2f s   up after %5.2f s   guest's clock %6.2f s",
            outcome.cpuSeconds(),
            outcome.upSeconds(),
            outcome.guestSeconds()));
    if (outcome.instructions() > 0) {
      line.append(
          String.format(Locale.ROOT, "   %d M instructions", outcome.instructions() / 1_000_000));
    }
    if (outcome.sum() != expected) {
      line.append(String.format("   WRONG SUM %x, not %x", outcome.sum(), expected));
    }
    return line.toString();
  }
}
