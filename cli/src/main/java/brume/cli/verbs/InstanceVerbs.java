package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.cloud.Request;
import brume.cli.grammar.Arguments;
import brume.cli.grammar.Chapter;
import brume.cli.grammar.Fill;
import brume.cli.grammar.Option;
import brume.cli.grammar.Parameter;
import brume.cli.grammar.Verb;
import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import brume.cli.show.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Looking at instances, and sending them somewhere.
final class InstanceVerbs {
  static final Parameter INSTANCE =
      Parameter.one("INSTANCE", "Id or name.").filled(Fill.Known.INSTANCES);
  static final Parameter INSTANCES =
      Parameter.some("INSTANCE", "Ids or names.").filled(Fill.Known.INSTANCES);

  private static final Option YES =
      Option.flag("-y, --yes", "Do not ask; without a terminal nothing is asked.");

  private static final List<Column> CARD =
      List.of(
          Column.of("INSTANCE", "id"),
          Column.of("NAME", "name"),
          Column.of("STATE", "state"),
          Column.of("REASON", "stateReason.message"),
          Column.made(
              "TYPE",
              List.of("type", "vcpu", "memoryMib"),
              (row, _) ->
                  Json.text(row, "type")
                      + ": "
                      + Json.text(row, "vcpu")
                      + " vCPU, "
                      + Json.text(row, "memoryMib")
                      + " MiB"),
          Column.made(
              "IMAGE",
              List.of("imageName", "imageId"),
              (row, _) -> Json.text(row, "imageName") + " (" + Json.text(row, "imageId") + ")"),
          Column.of("ZONE", "zone"),
          Column.of("NODE", "node.name"),
          Column.of("TAGS", "tags"),
          Column.yes("PROTECTED", "terminationProtected"),
          Column.time("CREATED", "createdAt"),
          Column.time("RUNNING SINCE", "runningSince"),
          Column.time("TERMINATED", "terminatedAt"),
          Column.made(
              "USED SO FAR",
              List.of(
                  "counters.instructions", "counters.cpuSeconds", "counters.memoryTouchedBytes"),
              (row, _) -> used(row)));

  private static final List<Column> HISTORY =
      List.of(
          Column.time("AT", "at"),
          Column.of("STATE", "state"),
          Column.of("CAUSE", "cause"),
          Column.elastic("REASON", "reason"));

  static final List<Command> COMMANDS =
      List.of(
          new Command(
              Verb.of("ps", Chapter.INSTANCES, "List instances; terminated ones with --all.")
                  .with(
                      Option.flag("-a, --all", "Also terminated ones."),
                      Option.many("--state", "STATE", "Only in this state.")
                          .filled(new Fill.Words(Instances.STATES)),
                      Option.many("--tag", "KEY[=VALUE]", "Only with this tag."),
                      Option.one("--type", "TYPE", "Only of this type.").filled(Fill.Known.TYPES),
                      Option.one("--image", "IMAGE", "Only of this image, by name or id.")
                          .filled(Fill.Known.IMAGES),
                      Option.one("--name", "NAME", "Only with exactly this name."),
                      Option.one("--node", "NODE", "Only on this node; for cloud operators."),
                      Option.one("--as-of", "TIME", "As it was then: 2026-10-01T12:00:00Z."))
                  .like(
                      "brume ps --state running --tag team=blue",
                      "brume ps --query \"[?type=='e1.nano'].id\"",
                      "brume ps -o csv > instances.csv"),
              InstanceVerbs::list),
          new Command(
              Verb.of("show", Chapter.INSTANCES, "Everything about one instance, with its history.")
                  .taking(INSTANCE),
              InstanceVerbs::show),
          sending("start", "Start stopped instances again.", "running"),
          sending("stop", "Shut instances down; they can be started again.", "stopped"),
          sending("reboot", "Restart the guests of running instances.", "running"),
          sending("terminate", "End instances for good.", "terminated"));

  private InstanceVerbs() {}

  private static Command sending(String name, String summary, String goal) {
    Verb verb =
        Verb.of(name, Chapter.INSTANCES, summary)
            .taking(INSTANCES)
            .with(Waiting.WAIT, Waiting.TIMEOUT);
    boolean forGood = goal.equals("terminated");
    return new Command(
        forGood ? verb.with(YES) : verb,
        session -> {
          List<String> ids = Instances.ids(session);
          if (forGood && !session.arguments().has("--yes")) {
            ask(session, "End " + String.join(" ", session.arguments().words()) + " for good?");
          }
          List<Object> changed = new ArrayList<>();
          for (String id : ids) {
            String key = session.surroundings().idempotencyKey();
            changed.add(session.cloud().json(Request.post(key, "/v1/instances/{}/" + name, id)));
          }
          session.show(Instances.COLUMNS, Waiting.until(session, goal, changed));
          return 0;
        });
  }

  /// Asks a person; where none sits at the terminal, what was typed is meant. Throws
  /// [CommandFailure] where the answer is not yes.
  static void ask(Session session, String question) {
    var terminals = session.surroundings().terminals();
    if (!terminals.in() || !terminals.err()) {
      return;
    }
    session.err().print(question + " [y/N] ");
    session.err().flush();
    StringBuilder answer = new StringBuilder();
    try {
      int read;
      while ((read = session.surroundings().in().read()) >= 0
          && read != '\n'
          && answer.length() < 10) {
        answer.append((char) read);
      }
    } catch (IOException e) {
      // as if nothing were answered
    }
    String said = answer.toString().strip().toLowerCase(Locale.ROOT);
    if (!said.equals("y") && !said.equals("yes")) {
      throw new CommandFailure(ExitCode.REFUSED, "left as it was");
    }
  }

  private static int list(Session session) {
    Arguments given = session.arguments();
    List<String> states = given.list("--state");
    states.forEach(state -> Arguments.chosen("--state", state, Instances.STATES));
    if (states.isEmpty() && !given.has("--all") && !given.has("--as-of")) {
      states = Instances.STATES.stream().filter(state -> !state.equals("terminated")).toList();
    }
    List<Object> found =
        session
            .cloud()
            .all(
                Request.get("/v1/instances")
                    .with("state", states)
                    .with("tag", given.texts("--tag"))
                    .with("type", given.text("--type"))
                    .with("image", given.text("--image"))
                    .with("name", given.text("--name"))
                    .with("node", given.text("--node"))
                    .with("asOf", given.text("--as-of")));
    session.show(Instances.COLUMNS, found);
    if (found.isEmpty()) {
      session.remark("Nothing here: 'brume run --wait' launches a machine.");
    }
    return 0;
  }

  /// What it costs this month, where billing says so: an instance is shown without it too.
  private static void cost(Session session, String id) {
    Object summary;
    try {
      summary =
          session
              .cloud()
              .json(
                  Request.get("/v1/usage/summary")
                      .with("groupBy", "instance")
                      .with("resourceId", id));
    } catch (CommandFailure e) {
      session.remark("What it costs is not known now: " + e.getMessage());
      return;
    }
    session.out().println();
    session
        .out()
        .println(
            "It costs %s %s so far this month, and %s an hour as it is now."
                .formatted(
                    Json.text(summary, "currency"),
                    Json.text(summary, "exactTotal"),
                    Json.text(summary, "perHour")));
    session.out().flush();
  }

  private static int show(Session session) {
    String id = Instances.id(session, session.arguments().word());
    session.show(CARD, session.cloud().json(Request.get("/v1/instances/{}", id)));
    if (session.printer().isForPeople()) {
      cost(session, id);
      List<Object> history = session.cloud().all(Request.get("/v1/instances/{}/transitions", id));
      if (!history.isEmpty()) {
        session.out().println();
        session.show(HISTORY, history);
      }
    }
    return 0;
  }

  private static String used(Object row) {
    if (!(Json.at(row, "counters.instructions") instanceof Number instructions)
        || instructions.longValue() == 0
        || !(Json.at(row, "counters.cpuSeconds") instanceof Number seconds)
        || !(Json.at(row, "counters.memoryTouchedBytes") instanceof Number touched)) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "%,d M instructions, %.1f s of processor, %d MiB of memory",
        instructions.longValue() / 1_000_000,
        seconds.doubleValue(),
        touched.longValue() >> 20);
  }
}
