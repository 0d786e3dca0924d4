package brume.compute.metric;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an instance used, span by span: each point says what was used in the seconds that end at
/// its time, so that rates are one division and sums are exact.
record InstanceMetrics(String instanceId, int vcpu, Instant from, Instant to, List<Point> points) {
  InstanceMetrics {
    points = List.copyOf(points);
  }

  /// @param seconds that the point speaks of: they end `at`
  /// @param memoryTouchedBytes at that time, as it is no count
  record Point(
      Instant at,
      double seconds,
      double cpuSeconds,
      long instructions,
      long memoryTouchedBytes,
      long diskReadBytes,
      long diskWrittenBytes,
      long networkReceivedBytes,
      long networkSentBytes,
      long guestResets) {}

  /// @param samples in the order of their time, from some before `from` on, so that the first point
  ///   has one to be counted from
  /// @param known since when samples are there: a VM that ran before that may have had earlier ones
  static List<Point> points(List<Sample> samples, Instant from, Instant known) {
    List<Point> points = new ArrayList<>();
    Map<Long, Sample> last = new HashMap<>();
    for (Sample sample : samples) {
      Sample before = last.put(sample.epoch(), sample);
      if (before == null) {
        before = start(sample, known);
      }
      if (before != null && sample.at().isAfter(before.at()) && !sample.at().isBefore(from)) {
        points.add(between(before, sample));
      }
    }
    return points;
  }

  /// A VM had used nothing when it began to run.
  private static @Nullable Sample start(Sample first, Instant known) {
    Instant since = first.runningSince();
    return since == null || since.isBefore(known)
        ? null
        : new Sample(first.epoch(), since, since, 0, 0, 0, 0, 0, 0, 0, 0);
  }

  private static Point between(Sample before, Sample after) {
    return new Point(
        after.at(),
        Duration.between(before.at(), after.at()).toMillis() / 1e3,
        (after.cpuNanos() - before.cpuNanos()) / 1e9,
        after.instructions() - before.instructions(),
        after.memoryTouchedBytes(),
        after.diskReadBytes() - before.diskReadBytes(),
        after.diskWrittenBytes() - before.diskWrittenBytes(),
        after.networkReceivedBytes() - before.networkReceivedBytes(),
        after.networkSentBytes() - before.networkSentBytes(),
        after.guestResets() - before.guestResets());
  }
}
