package brume.billing.meter;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The tables that usage is kept in, one for each month of UTC. They are made ahead of their month;
/// where that was missed, or something of an old month is known late, when they are needed. Making
/// one that is there does nothing.
public final class UsageMonths {
  /// This month and so many more.
  private static final int MONTHS_AHEAD = 2;

  private final JdbcClient jdbc;

  public UsageMonths(JdbcTemplate jdbc) {
    this.jdbc = JdbcClient.create(jdbc);
  }

  /// Those of now and of the next months.
  public void makeAhead(Clock clock) {
    LocalDate now = LocalDate.now(clock.withZone(ZoneOffset.UTC)).withDayOfMonth(1);
    require(IntStream.rangeClosed(0, MONTHS_AHEAD).mapToObj(now::plusMonths).toList());
  }

  /// In the caller's transaction, if there is one.
  ///
  /// @param months first days, in any order, more than once perhaps
  void require(Collection<LocalDate> months) {
    List<String> wanted = new TreeSet<>(months).stream().map(LocalDate::toString).toList();
    if (!wanted.isEmpty()) {
      jdbc.sql("SELECT count(billing.make_usage_month(month)) FROM unnest(?::date[]) AS m (month)")
          .param(wanted.toArray(String[]::new))
          .query(Long.class)
          .single();
    }
  }
}
