package brume.billing.invoice;

import brume.billing.SqlTime;
import brume.billing.meter.Meter;
import brume.billing.meter.Transition;
import brume.billing.meter.TransitionSource;
import brume.billing.pricing.PriceSchedule;
import brume.billing.rating.Period;
import brume.billing.rating.TransitionAudit;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Where a resource's usage and its log part: the first closed stretch of seconds that only one of
/// the two has.
final class DifferingInterval {
  private final JdbcClient jdbc;
  private final List<TransitionSource> sources;

  DifferingInterval(JdbcTemplate jdbc, List<TransitionSource> sources) {
    this.jdbc = JdbcClient.create(jdbc);
    this.sources = sources;
  }

  private record Stretch(long from, long to) implements Comparable<Stretch> {
    @Override
    public int compareTo(Stretch other) {
      int first = Long.compare(from, other.from);
      return first == 0 ? Long.compare(to, other.to) : first;
    }
  }

  Optional<Period> first(String resourceId, Meter meter) {
    TreeSet<Stretch> either = new TreeSet<>();
    // Prices take no part in when something ran.
    TransitionAudit audit =
        new TransitionAudit(
            meter,
            new PriceSchedule("XXX", List.of()),
            new Period(Instant.EPOCH, Instant.EPOCH.plusSeconds(1)),
            (resource, from, to) -> toggle(either, new Stretch(from, to)));
    for (TransitionSource source : sources) {
      long metered =
          jdbc.sql("SELECT seq FROM billing.meter_cursor WHERE log = ?")
              .param(source.name())
              .query(Long.class)
              .single();
      for (Transition transition : source.of(resourceId)) {
        if (transition.seq() <= metered && transition.kind() == meter.of()) {
          audit.accept(transition);
        }
      }
    }
    jdbc.sql("SELECT started_at, ended_at FROM billing.usage WHERE resource_id = ? AND meter = ?")
        .params(resourceId, meter.name())
        .query(row -> {
          toggle(
              either,
              new Stretch(
                  SqlTime.out(row, "started_at").getEpochSecond(),
                  SqlTime.out(row, "ended_at").getEpochSecond()));
        });
    return either.stream()
        .filter(stretch -> stretch.to() > stretch.from())
        .findFirst()
        .map(stretch ->
            new Period(Instant.ofEpochSecond(stretch.from()), Instant.ofEpochSecond(stretch.to())));
  }

  /// What both have is in it twice, and so not at all.
  private static void toggle(Set<Stretch> either, Stretch stretch) {
    if (!either.add(stretch)) {
      either.remove(stretch);
    }
  }
}
