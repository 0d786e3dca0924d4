package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.cloud.Request;
import brume.cli.grammar.Option;
import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import brume.cli.show.Text;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Waits until instances are where they were sent. The server holds each question until the state
/// is reached, so nothing is polled in a hurry; on a terminal one line shows what is being waited
/// for.
final class Waiting {
  static final Option WAIT = Option.flag("-w, --wait", "Wait until it is there.");
  static final Option TIMEOUT =
      Option.one("--timeout", "SECONDS", "How long to wait at most; 120 by default.");

  private static final int HELD_SECONDS_MAX = 20;
  private static final int SECONDS_MAX = 86_400;

  private final Session session;
  private final Duration atMost;

  private Waiting(Session session) {
    this.session = session;
    this.atMost =
        Duration.ofSeconds(session.arguments().number("--timeout", 1, SECONDS_MAX).orElse(120L));
  }

  /// The instances in `state` where `--wait` is given, else as they are. Throws [CommandFailure]
  /// when time is over or one went elsewhere for good.
  static List<Object> until(Session session, String state, List<Object> instances) {
    Waiting waiting = new Waiting(session);
    if (!session.arguments().has("--wait")) {
      return instances;
    }
    Instant deadline = session.surroundings().clock().instant().plus(waiting.atMost);
    return instances.stream().map(given -> waiting.until(state, given, deadline)).toList();
  }

  private Object until(String wanted, Object instance, Instant deadline) {
    Object seen = instance;
    while (!Json.text(seen, "state").equals(wanted)) {
      String id = Json.text(seen, "id");
      Duration left = Duration.between(session.surroundings().clock().instant(), deadline);
      if (!left.isPositive()) {
        clearLine();
        throw new CommandFailure(
            ExitCode.WAITED_TOO_LONG,
            id
                + " is still "
                + Json.text(seen, "state")
                + " after "
                + atMost.toSeconds()
                + " s: "
                + Instances.reason(seen)
                + "; it goes on by itself, see 'brume show "
                + id
                + "'");
      }
      failIfNever(wanted, seen);
      draw(seen, wanted, left);
      // One second at a time on a terminal, so that the line shows what happens.
      long held = session.surroundings().terminals().err() ? 1 : HELD_SECONDS_MAX;
      seen =
          session
              .cloud()
              .json(
                  Request.get("/v1/instances/{}", id)
                      .with("wait", wanted)
                      .with("timeout", Math.max(1, Math.min(held, left.toSeconds())) + "s"));
    }
    clearLine();
    return seen;
  }

  private void failIfNever(String wanted, Object seen) {
    String state = Json.text(seen, "state");
    if (state.equals("terminated") || (wanted.equals("running") && state.equals("stopped"))) {
      clearLine();
      throw new CommandFailure(
          ExitCode.REFUSED, Json.text(seen, "id") + " is " + state + ": " + Instances.reason(seen));
    }
  }

  private void draw(Object seen, String wanted, Duration left) {
    if (session.surroundings().terminals().err()) {
      String line =
          Json.text(seen, "id")
              + " "
              + Json.text(seen, "state")
              + " → "
              + wanted
              + "  "
              + atMost.minus(left).toSeconds()
              + " s  "
              + Instances.reason(seen);
      int columns = session.surroundings().columns().orElse(80);
      session.err().print("\r\u001b[K" + Text.fitted(line, columns - 1));
      session.err().flush();
    }
  }

  private void clearLine() {
    if (session.surroundings().terminals().err()) {
      session.err().print("\r\u001b[K");
      session.err().flush();
    }
  }
}
