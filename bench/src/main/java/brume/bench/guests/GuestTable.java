package brume.bench.guests;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/// What was measured: for each program and engine the processor seconds of the whole process and,
/// beside them, those since the guest's init began, without the end of a guest that did nothing
/// (net); for each Brume the ratio to the better QEMU, and the geometric mean of the ratios of a
/// class beside its aim. The aim is held against that of whole processes, a boot included.
final class GuestTable {
  /// Below this a net figure is noise.
  private static final double NET_SECONDS_MIN = 0.02;

  private static final double BOOT_LEAST = 2.5, BOOT_AIM = 1.3;

  private final List<Engine> engines;
  private final Map<Engine, Figures> boot;
  private final int runs;
  private final boolean quick;
  private final Map<Workload, Map<GuestProgram, Map<Engine, Figures>>> rows =
      new EnumMap<>(Workload.class);

  GuestTable(List<Engine> engines, Map<Engine, Figures> boot, int runs, boolean quick) {
    this.engines = List.copyOf(engines);
    this.boot = Map.copyOf(boot);
    this.runs = runs;
    this.quick = quick;
  }

  void add(GuestProgram program, Map<Engine, Figures> figures) {
    rows.computeIfAbsent(program.workload(), _ -> new LinkedHashMap<>()).put(program, figures);
  }

  boolean failed() {
    return boot.values().stream().anyMatch(Figures::failed)
        || rows.values().stream()
            .flatMap(programs -> programs.values().stream())
            .flatMap(figures -> figures.values().stream())
            .anyMatch(Figures::failed);
  }

  void print(PrintStream out) {
    out.printf(
        "Processor seconds (user and system, whole process), median of %d%s; net: without boot and end."
            + "%nRatio: of the better QEMU's to Brume's, whole and net; more is better.%n%n",
        runs, quick ? ", QUICK sizes" : "");
    StringBuilder head = new StringBuilder(String.format("%-14s", ""));
    for (Engine engine : engines) {
      head.append(String.format("%26s", engine.label()));
    }
    StringBuilder names = new StringBuilder(String.format("%-14s", ""));
    engines.forEach(_ -> names.append(String.format("%10s%8s%8s", "cpu s", "net s", "spread")));
    for (Engine engine : brumes()) {
      head.append(String.format("%20s", engine.label().replace("brume, ", "")));
      names.append(String.format("%11s%9s", "ratio", "net"));
    }
    out.println(head);
    out.println(names);
    printBoot(out);
    rows.forEach((workload, programs) -> print(out, workload, programs));
  }

  private List<Engine> brumes() {
    return engines.stream().filter(Engine.Brume.class::isInstance).toList();
  }

  private void printBoot(PrintStream out) {
    out.println(row("boot", boot, true));
    StringBuilder wall = new StringBuilder(String.format("%-14s", "  wall, to up"));
    for (Engine engine : engines) {
      Figures figures = of(boot, engine);
      wall.append(
          figures.failed()
              ? String.format("%10s%16s", "FAILED", "")
              : String.format(Locale.ROOT, "%10.2f%16s", figures.upSeconds(), ""));
    }
    out.println(wall);
    for (Engine engine : brumes()) {
      Figures figures = of(boot, engine);
      if (!figures.failed()) {
        double up = figures.upSeconds();
        String verdict =
            up <= BOOT_AIM ? "aim reached" : up <= BOOT_LEAST ? "least reached" : "MISSED";
        out.printf(
            Locale.ROOT,
            "  %s: up after %.2f s; at most %.1f, aim %.1f: %s%n",
            engine.label(),
            up,
            BOOT_LEAST,
            BOOT_AIM,
            verdict);
      }
    }
  }

  private void print(
      PrintStream out, Workload workload, Map<GuestProgram, Map<Engine, Figures>> programs) {
    out.println(workload.words());
    programs.forEach((program, figures) -> out.println(row(program.label(), figures, false)));
    for (Engine engine : brumes()) {
      List<Double> whole = new ArrayList<>();
      List<Double> net = new ArrayList<>();
      for (Map<Engine, Figures> figures : programs.values()) {
        ratio(figures, engine, false).ifPresent(whole::add);
        ratio(figures, engine, true).ifPresent(net::add);
      }
      if (!net.isEmpty()) {
        out.printf(
            Locale.ROOT,
            "  %s, geometric mean: %.2f whole, %.2f net; at least %.1f, aim %.1f: %s%n",
            engine.label(),
            geometricMean(whole),
            geometricMean(net),
            workload.least(),
            workload.aim(),
            workload.verdict(geometricMean(whole)));
      }
    }
  }

  private String row(String label, Map<Engine, Figures> figures, boolean isBoot) {
    StringBuilder line = new StringBuilder(String.format("  %-12s", label));
    for (Engine engine : engines) {
      Figures own = of(figures, engine);
      if (own.failed()) {
        line.append(String.format("%10s%16s", "FAILED", ""));
      } else {
        line.append(
            String.format(
                Locale.ROOT,
                "%10.2f%8s%7.0f%%",
                own.cpuSeconds(),
                isBoot ? "" : String.format(Locale.ROOT, "%.2f", net(own, engine)),
                own.spread() * 100));
      }
    }
    for (Engine engine : brumes()) {
      line.append(String.format("%11s", words(ratio(figures, engine, false))));
      if (!isBoot) {
        line.append(String.format("%9s", words(ratio(figures, engine, true))));
      }
    }
    return line.toString();
  }

  private static String words(OptionalDouble ratio) {
    return ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : "-";
  }

  private double net(Figures figures, Engine engine) {
    Figures own = of(boot, engine);
    double end = own.failed() ? 0 : own.cpuAfterUpSeconds();
    return Math.max(NET_SECONDS_MIN, figures.cpuAfterUpSeconds() - end);
  }

  /// Empty without a QEMU, or where one of both failed.
  private OptionalDouble ratio(Map<Engine, Figures> figures, Engine brume, boolean net) {
    Figures own = of(figures, brume);
    if (own.failed()) {
      return OptionalDouble.empty();
    }
    double seconds = net ? net(own, brume) : own.cpuSeconds();
    return engines.stream()
        .filter(engine -> engine instanceof Engine.Qemu && !of(figures, engine).failed())
        .mapToDouble(
            engine -> net ? net(of(figures, engine), engine) : of(figures, engine).cpuSeconds())
        .min()
        .stream()
        .map(best -> best / seconds)
        .findFirst();
  }

  private static Figures of(Map<Engine, Figures> figures, Engine engine) {
    return figures.getOrDefault(engine, new Figures());
  }

  private static double geometricMean(List<Double> ratios) {
    return Math.exp(ratios.stream().mapToDouble(Math::log).average().orElse(Double.NaN));
  }
}
