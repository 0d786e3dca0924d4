package brume.scheduler.sync;

import brume.scheduler.fleet.RoundLoop;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Forgets samples whose time is over, some thousands in a round.
public final class SampleRound implements RoundLoop.Round {
  public static final Duration PERIOD = Duration.ofSeconds(30);

  private static final int ROUND_MAX = 20_000;

  private final JdbcClient jdbc;
  private final Clock clock;

  public SampleRound(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  @Override
  public boolean run() {
    int forgotten =
        jdbc.sql(
                """
                DELETE FROM scheduling.vm_sample WHERE ctid = ANY (ARRAY(
                  SELECT ctid FROM scheduling.vm_sample
                  WHERE kept_until <= ? ORDER BY kept_until LIMIT ?))
                """)
            .param(clock.instant().atOffset(ZoneOffset.UTC))
            .param(ROUND_MAX)
            .update();
    return forgotten == ROUND_MAX;
  }
}
