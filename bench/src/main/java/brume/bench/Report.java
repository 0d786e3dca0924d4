package brume.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/// Figures of several runs, printed as median and spread beside the aim.
public final class Report {
  /// Whether a larger figure is the better one.
  public enum Better {
    LESS,
    MORE
  }

  private Report() {}

  public static void print(
      String what, List<Double> figures, String unit, double aim, Better better) {
    List<Double> sorted = new ArrayList<>(figures);
    Collections.sort(sorted);
    double median = sorted.get(sorted.size() / 2);
    boolean reached = better == Better.LESS ? median <= aim : median >= aim;
    System.out.printf(
        Locale.ROOT,
        "%-52s median %8.2f %s  (%.2f to %.2f, %d runs)  aim %s %.2f: %s%n",
        what,
        median,
        unit,
        sorted.getFirst(),
        sorted.getLast(),
        sorted.size(),
        better == Better.LESS ? "at most" : "at least",
        aim,
        reached ? "reached" : "MISSED");
  }
}
