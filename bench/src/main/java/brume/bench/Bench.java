package brume.bench;

import brume.bench.billing.BillingBench;
import brume.bench.doors.DoorBench;
import brume.bench.guests.GuestBench;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `Bench [speed|launch|shares|placement] [runs]`, `Bench doors [rest|ec2] [launches|pages]` for a
/// single part of that, `Bench guests [options]`, `Bench billing [options]` or `Bench parts
/// [options of JMH]`: measures, and prints each figure beside its aim where it has one. Run it on a
/// quiet machine, with nothing else beside it.
public final class Bench {
  private static final int RUNS = 5;

  private Bench() {}

  private interface Measurement {
    void run(int runs) throws Exception;
  }

  private static final Map<String, Measurement> ALL =
      Map.of(
          "speed", IntegerSpeed::measure,
          "launch", GuestLaunch::measure,
          "placement", PlacementSpeed::measure,
          "shares", ProcessorShares::measure);

  public static void main(String[] arguments) throws Exception {
    // What services log is no part of a report; see brume.standalone.Standalone.
    System.setProperty("logback.configurationFile", "brume/standalone/logback.xml");
    System.setProperty("brume.data", "bench/target");
    String first = arguments.length > 0 ? arguments[0] : "";
    List<String> rest = List.of(arguments).subList(Math.min(1, arguments.length), arguments.length);
    switch (first) {
      case "guests" -> System.exit(GuestBench.run(rest));
      case "doors" -> DoorBench.run(rest);
      case "billing" -> System.exit(BillingBench.run(rest));
      case "parts" -> org.openjdk.jmh.Main.main(rest.toArray(String[]::new));
      default -> figures(arguments);
    }
  }

  private static void figures(String[] arguments) throws Exception {
    int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : RUNS;
    if (arguments.length == 0) {
      IntegerSpeed.measure(runs);
      GuestLaunch.measure(runs);
      return;
    }
    Optional<Measurement> chosen = Optional.ofNullable(ALL.get(arguments[0]));
    if (chosen.isEmpty() || runs < 1) {
      System.err.println(
          "usage: bench [speed|launch|shares|placement] [runs], bench doors [rest|ec2]"
              + " [launches|pages] [runs], bench guests [--help],"
              + " bench billing [--scale 0.1], or bench parts [-h]");
      System.exit(2);
    }
    chosen.orElseThrow().run(runs);
  }
}
