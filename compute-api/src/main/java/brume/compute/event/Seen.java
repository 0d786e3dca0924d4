package brume.compute.event;

import brume.compute.refusal.Refused;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How far a listener has come in the account's two logs: `1234` of transitions, `1234.5` once
/// there have been alerts.
///
/// @param seq of the last transition, 0 for none
/// @param alert of the last alert, 0 for none
record Seen(long seq, long alert) {
  private static final Pattern ID = Pattern.compile("([0-9]{1,18})(?:\\.([0-9]{1,18}))?");

  static Seen of(String id) {
    Matcher matcher = ID.matcher(id);
    if (!matcher.matches()) {
      throw Refused.invalid(
          "Last-Event-ID", "Last-Event-ID must be the id of an event as it came, a number");
    }
    String alert = matcher.group(2);
    return new Seen(Long.parseLong(matcher.group(1)), alert == null ? 0 : Long.parseLong(alert));
  }

  Seen transition(long next) {
    return new Seen(next, alert);
  }

  Seen alert(long next) {
    return new Seen(seq, next);
  }

  @Override
  public String toString() {
    return alert == 0 ? Long.toString(seq) : seq + "." + alert;
  }
}
