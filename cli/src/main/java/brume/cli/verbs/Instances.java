package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.cloud.Request;
import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import brume.cli.show.Column;
import java.util.List;
import java.util.regex.Pattern;

/// Finds instances by id or by name, and says how they are shown.
final class Instances {
  static final List<String> STATES =
      List.of("pending", "running", "stopping", "stopped", "shutting-down", "terminated");

  static final List<Column> COLUMNS =
      List.of(
          Column.of("INSTANCE", "id"),
          Column.elastic("NAME", "name"),
          Column.of("TYPE", "type"),
          Column.of("STATE", "state"),
          Column.of("ZONE", "zone"),
          Column.made(
              "SINCE",
              List.of("createdAt", "runningSince"),
              (row, now) ->
                  (Json.at(row, "runningSince") == null
                          ? Column.ago("", "createdAt")
                          : Column.ago("", "runningSince"))
                      .text()
                      .apply(row, now)),
          Column.elastic("REASON", "stateReason.message"));

  private static final Pattern ID = Pattern.compile("i-[0-9a-f]{17}");
  private static final int NAMED_MAX = 5;

  private Instances() {}

  /// Throws [CommandFailure] when no living instance, or more than one, has the name.
  static String id(Session session, String idOrName) {
    if (ID.matcher(idOrName).matches()) {
      return idOrName;
    }
    if (idOrName.isEmpty()) {
      throw new CommandFailure(ExitCode.USAGE, "an instance's name can not be empty");
    }
    List<Object> named = session.cloud().all(Request.get("/v1/instances").with("name", idOrName));
    List<Object> living = named.stream().filter(found -> !isTerminated(found)).toList();
    List<Object> candidates = living.isEmpty() ? named : living;
    if (candidates.isEmpty()) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "no instance is called '" + idOrName + "': 'brume ps' lists what there is");
    }
    if (candidates.size() > 1) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          candidates.size()
              + " instances are called '"
              + idOrName
              + "': name one by its id, "
              + String.join(
                  ", ",
                  candidates.stream()
                      .limit(NAMED_MAX)
                      .map(found -> Json.text(found, "id"))
                      .toList()));
    }
    return Json.text(candidates.getFirst(), "id");
  }

  static List<String> ids(Session session) {
    return session.arguments().words().stream().map(named -> id(session, named)).toList();
  }

  private static boolean isTerminated(Object instance) {
    return Json.text(instance, "state").equals("terminated");
  }

  /// What it waits for, or why it ended.
  static String reason(Object instance) {
    return Json.text(instance, "stateReason.message");
  }
}
