package brume.cli;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/// Times as people say them: `12 s`, `5 min`, `3 h`, `2 d`.
final class Ago {
  private Ago() {}

  static String of(Clock clock, OffsetDateTime time) {
    return of(Duration.between(time.toInstant(), Instant.now(clock)));
  }

  static String of(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 7_200) {
      return seconds / 60 + " min";
    }
    return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
  }
}
