package brume.compute.metric;

import brume.compute.access.Caller;
import brume.compute.instance.Instance;
import brume.compute.instance.InstanceQueries;
import brume.compute.refusal.Refused;
import brume.compute.sql.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Reads the samples of one instance.
@Component
class MetricQueries {
  private static final Duration SPAN = Duration.ofHours(1);
  private static final Duration KEPT = Duration.ofDays(1);

  /// Older samples are a minute apart, and a report may be late.
  private static final Duration BEFORE = Duration.ofMinutes(3);

  /// More than a day's samples of one VM; who restarts without end sees the oldest of the span.
  private static final int SAMPLES_MAX = 5_000;

  private final InstanceQueries instances;
  private final JdbcClient database;
  private final Clock clock;

  MetricQueries(InstanceQueries instances, JdbcClient database, Clock clock) {
    this.instances = instances;
    this.database = database;
    this.clock = clock;
  }

  /// @param from null for an hour before `to`
  /// @param to null for now
  InstanceMetrics metrics(Caller caller, String id, @Nullable Instant from, @Nullable Instant to) {
    Instance instance = instances.require(caller, id);
    Instant end = to == null ? clock.instant() : to;
    Instant begin = from == null ? end.minus(SPAN) : from;
    if (!begin.isBefore(end)) {
      throw Refused.invalid("from", "from must be before to, which is " + end);
    }
    if (begin.plus(KEPT).isBefore(end)) {
      throw Refused.invalid(
          "from", "from must be at most 24 hours before to: samples are kept for a day");
    }
    Instant known = begin.minus(BEFORE);
    List<Sample> samples =
        database
            .sql(
                """
                SELECT * FROM scheduling.instance_sample
                WHERE instance_id = :id AND at >= :known AND at <= :end
                ORDER BY at, epoch LIMIT :most
                """)
            .param("id", id)
            .param("known", SqlTime.write(known))
            .param("end", SqlTime.write(end))
            .param("most", SAMPLES_MAX)
            .query((row, number) -> sample(row))
            .list();
    return new InstanceMetrics(
        id, instance.vcpu(), begin, end, InstanceMetrics.points(samples, begin, known));
  }

  private static Sample sample(ResultSet row) throws SQLException {
    return new Sample(
        row.getLong("epoch"),
        Objects.requireNonNull(SqlTime.read(row, "at")),
        SqlTime.read(row, "running_since"),
        row.getLong("instructions"),
        row.getLong("cpu_nanos"),
        row.getLong("memory_touched"),
        row.getLong("disk_read"),
        row.getLong("disk_written"),
        row.getLong("net_received"),
        row.getLong("net_sent"),
        row.getLong("guest_resets"));
  }
}
