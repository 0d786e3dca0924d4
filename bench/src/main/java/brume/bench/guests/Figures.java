package brume.bench.guests;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// The runs of one program on one engine.
final class Figures {
  private final List<GuestRun.Outcome> outcomes = new ArrayList<>();
  private boolean failed;

  void add(GuestRun.Outcome outcome, boolean right) {
    outcomes.add(outcome);
    failed |= !right;
  }

  /// A run did not finish.
  void fail() {
    failed = true;
  }

  /// Some run did not finish, or gave a wrong sum: nothing of this may be believed.
  boolean failed() {
    return failed || outcomes.isEmpty();
  }

  double cpuSeconds() {
    return median(GuestRun.Outcome::cpuSeconds);
  }

  /// From the first word of the guest's init to the end of the process.
  double cpuAfterUpSeconds() {
    return median(GuestRun.Outcome::cpuAfterUpSeconds);
  }

  double upSeconds() {
    return median(GuestRun.Outcome::upSeconds);
  }

  /// Between the least and the most processor seconds, as a part of the median.
  double spread() {
    double[] sorted = sorted(GuestRun.Outcome::cpuSeconds);
    return (sorted[sorted.length - 1] - sorted[0]) / cpuSeconds();
  }

  private double median(ToDoubleFunction<GuestRun.Outcome> figure) {
    double[] sorted = sorted(figure);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private double[] sorted(ToDoubleFunction<GuestRun.Outcome> figure) {
    return outcomes.stream().mapToDouble(figure).sorted().toArray();
  }
}
