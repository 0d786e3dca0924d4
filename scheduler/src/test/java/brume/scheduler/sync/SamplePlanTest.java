package brume.scheduler.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// When a sample is due, and how long it is kept, as a table.
final class SamplePlanTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
                   | 12:00:07 | P1D
          12:00:00 | 12:00:05 |
          12:00:05 | 12:00:10 | PT1H
          12:00:09 | 12:00:10 | PT1H
          12:00:10 | 12:00:19 |
          12:00:55 | 12:01:00 | P1D
          12:00:58 | 12:01:03 | P1D
          11:59:58 | 13:00:03 | P1D
          12:00:30 | 12:00:30 |
          12:00:30 | 12:00:20 |
          """)
  void isDue(String last, String now, Duration kept) {
    Instant at = at(now);
    SamplePlan plan = SamplePlan.of(last == null ? null : at(last), at);
    assertThat(plan.due()).isEqualTo(kept != null);
    if (kept != null) {
      assertThat(plan.keptUntil()).isEqualTo(at.plus(kept));
    }
  }

  private static Instant at(String time) {
    return Instant.parse("2026-03-01T" + time + "Z");
  }
}
