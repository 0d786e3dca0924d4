package brume.billing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

/// Digests hang on each letter of it.
class TimeTextTest {
  @Test
  void aTimeIsWrittenAsInstantsAre() {
    Seeds.each(
        200,
        random -> {
          TimeText text = new TimeText();
          Instant at = Instant.ofEpochSecond(random.nextLong(-100_000, 5_000_000_000L));
          for (int step = 0; step < 50; step++) {
            long unit = new long[] {1, 1_000, 1_000_000, 1_000_000_000}[random.nextInt(4)];
            at = at.plusNanos(unit * random.nextLong(100_000));
            if (random.nextInt(3) == 0) {
              at = at.truncatedTo(ChronoUnit.MILLIS);
            }
            StringBuilder written = new StringBuilder();
            text.append(written, at);
            assertThat(written.toString()).isEqualTo(at.toString());
          }
        });
  }
}
