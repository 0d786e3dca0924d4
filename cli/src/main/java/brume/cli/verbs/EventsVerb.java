package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.cloud.Request;
import brume.cli.grammar.Arguments;
import brume.cli.grammar.Chapter;
import brume.cli.grammar.Fill;
import brume.cli.grammar.Option;
import brume.cli.grammar.Verb;
import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import brume.cli.show.Column;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// `brume events`: what happens, as it happens (Server-Sent Events, HTML standard §9.2). A stream
/// that ends is taken up again after the last event seen, so that none is missed and none comes
/// twice.
final class EventsVerb {
  private static final Duration COME_BACK = Duration.ofSeconds(1);
  private static final int FAILURES_MAX = 5;
  private static final long EVENTS_MAX = 1_000_000_000;

  private static final List<Column> EVENTS =
      List.of(
          Column.time("AT", "at"),
          Column.of("INSTANCE", "instanceId"),
          Column.of("STATE", "state"),
          Column.of("CAUSE", "cause"),
          Column.made(
              "REASON",
              List.of("reason", "message"),
              (row, _) -> Json.text(row, "reason") + Json.text(row, "message")));

  static final Command COMMAND =
      new Command(
          Verb.of("events", Chapter.INSTANCES, "What happens to instances, as it happens.")
              .saying("Ends with Ctrl-C. Formats other than the table have the number of each.")
              .with(
                  Option.one("--after", "SEQ", "Begin after this event, not with the next one."),
                  Option.one("--instance", "INSTANCE", "Only of this one, by id or name.")
                      .filled(Fill.Known.INSTANCES),
                  Option.one("--count", "N", "End after so many."))
              .like("brume events -o json --query state", "brume events --instance web --count 1"),
          session -> new EventsVerb(session).run());

  private final Session session;
  private final Optional<String> instance;
  private final long countMax;
  private String last;
  private long shown;

  private EventsVerb(Session session) {
    Arguments given = session.arguments();
    this.session = session;
    this.last = given.number("--after", 0, Long.MAX_VALUE / 10).map(String::valueOf).orElse("");
    this.countMax = given.number("--count", 1, EVENTS_MAX).orElse(EVENTS_MAX);
    this.instance = given.text("--instance").map(named -> Instances.id(session, named));
  }

  private int run() {
    int failures = 0;
    while (true) {
      try {
        long before = shown;
        if (stream()) {
          return 0;
        }
        failures = shown > before ? 0 : failures + 1;
      } catch (IOException e) {
        failures++;
      }
      if (failures == FAILURES_MAX) {
        throw new CommandFailure(
            ExitCode.UNREACHABLE,
            "the stream of events ended "
                + FAILURES_MAX
                + " times without any: try again later"
                + (last.isEmpty() ? "" : " with --after " + last));
      }
      session.surroundings().sleep(COME_BACK);
    }
  }

  /// Whether enough has been shown; false where the stream ended before.
  private boolean stream() throws IOException {
    Request request = Request.get("/v1/events");
    if (!last.isEmpty()) {
      request = request.header("Last-Event-ID", last);
    }
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                session.cloud().stream(request, "text/event-stream, application/problem+json"),
                StandardCharsets.UTF_8))) {
      StringBuilder told = new StringBuilder();
      String id = last;
      String line;
      while ((line = lines.readLine()) != null) {
        if (line.isEmpty()) {
          if (!told.isEmpty()) {
            show(told.toString());
            told.setLength(0);
            if (shown >= countMax) {
              return true;
            }
          }
          last = id;
        } else if (line.startsWith("data:")) {
          told.append(line.substring("data:".length()).strip());
        } else if (line.startsWith("id:")) {
          id = line.substring("id:".length()).strip();
        }
      }
      return false;
    }
  }

  private void show(String told) {
    Object event;
    try {
      event = Json.read(told);
    } catch (IllegalArgumentException e) {
      return; // not one of ours; newer clouds may tell more
    }
    if (instance.isPresent() && !instance.get().equals(Json.text(event, "instanceId"))) {
      return;
    }
    session.printer().printLine(EVENTS, event, shown == 0);
    shown++;
  }
}
