package brume.billing;

import java.time.Instant;

/// Writes instants as [Instant#toString] does, without working out the date anew for each: facts of
/// a log come in the order of time.
public final class TimeText {
  private static final long DAY_SECONDS = 86_400;

  private long day = Long.MIN_VALUE;
  private String date = "";

  public void append(StringBuilder text, Instant time) {
    int nanos = time.getNano();
    if (nanos % 1_000 != 0) {
      text.append(time);
      return;
    }
    long seconds = time.getEpochSecond();
    if (Math.floorDiv(seconds, DAY_SECONDS) != day) {
      day = Math.floorDiv(seconds, DAY_SECONDS);
      String midnight = Instant.ofEpochSecond(day * DAY_SECONDS).toString();
      date = midnight.substring(0, midnight.indexOf('T') + 1);
    }
    int second = (int) Math.floorMod(seconds, DAY_SECONDS);
    text.append(date);
    digits(text, second / 3600, 2).append(':');
    digits(text, second / 60 % 60, 2).append(':');
    digits(text, second % 60, 2);
    if (nanos % 1_000_000 != 0) {
      digits(text.append('.'), nanos / 1_000, 6);
    } else if (nanos != 0) {
      digits(text.append('.'), nanos / 1_000_000, 3);
    }
    text.append('Z');
  }

  private static StringBuilder digits(StringBuilder text, int number, int count) {
    for (int place = count == 6 ? 100_000 : count == 3 ? 100 : 10; place > 0; place /= 10) {
      text.append((char) ('0' + number / place % 10));
    }
    return text;
  }
}
