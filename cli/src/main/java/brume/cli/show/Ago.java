package brume.cli.show;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;

/// Times as people say them: `12 s`, `5 min`, `3 h`, `2 d`.
public final class Ago {
  private Ago() {}

  /// How long ago, or how long until; the text itself where it is no time.
  static String of(String time, Instant now) {
    try {
      return of(Duration.between(OffsetDateTime.parse(time).toInstant(), now).abs());
    } catch (DateTimeParseException e) {
      return time;
    }
  }

  public static String of(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 120) {
      return seconds + " s";
    }
    if (seconds < 7_200) {
      return seconds / 60 + " min";
    }
    return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
  }
}
