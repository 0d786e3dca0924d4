package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.cloud.Request;
import brume.cli.grammar.Chapter;
import brume.cli.grammar.Option;
import brume.cli.grammar.Verb;
import brume.cli.show.Column;
import java.util.List;

/// What can be launched.
final class CatalogVerbs {
  private static final List<Column> TYPES =
      List.of(
          Column.of("TYPE", "name"),
          Column.of("VCPU", "vcpu"),
          Column.mib("MEMORY", "memoryMib"),
          Column.made(
              "BASELINE",
              List.of("baselinePercent"),
              (row, _) -> Json.text(row, "baselinePercent") + " % of a processor"));

  private static final List<Column> IMAGES =
      List.of(
          Column.of("IMAGE", "id"),
          Column.of("NAME", "name"),
          Column.made(
              "OWNER",
              List.of("public"),
              (row, _) -> Boolean.TRUE.equals(Json.at(row, "public")) ? "the cloud" : "you"),
          Column.mib("LEAST MEMORY", "memoryMibMin"),
          Column.elastic("DESCRIPTION", "description"));

  static final List<Command> COMMANDS =
      List.of(
          new Command(
              Verb.of("images", Chapter.CATALOG, "List what can be booted, the newest first.")
                  .with(Option.one("--name", "NAME", "Only with exactly this name.")),
              session -> {
                session.show(
                    IMAGES,
                    session
                        .cloud()
                        .all(
                            Request.get("/v1/images")
                                .with("name", session.arguments().text("--name"))));
                return 0;
              }),
          new Command(
              Verb.of("types", Chapter.CATALOG, "List the sizes of instances."),
              session -> {
                session.show(
                    TYPES,
                    Json.list(session.cloud().json(Request.get("/v1/instance-types")), "items"));
                return 0;
              }));

  private CatalogVerbs() {}
}
