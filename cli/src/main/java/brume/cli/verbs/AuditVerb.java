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
import java.util.List;

/// `brume audit`.
final class AuditVerb {
  private static final List<String> OUTCOMES = List.of("done", "refused");
  private static final List<String> EXPORTS = List.of("csv", "jsonl");

  private static final List<Column> ENTRIES =
      List.of(
          Column.time("AT", "at"),
          Column.of("ACTION", "action"),
          Column.of("OUTCOME", "outcome"),
          Column.elastic("RESOURCES", "resources"),
          Column.of("BY", "principal"),
          Column.of("FROM", "from"),
          Column.of("REQUEST", "requestId"),
          Column.elastic("DETAIL", "detail"));

  static final Command COMMAND =
      new Command(
          Verb.of("audit", Chapter.ACCOUNT, "Who changed what, the newest first.")
              .with(
                  Option.one("--action", "ACTION", "Only this one, such as RunInstances."),
                  Option.one("--outcome", "OUTCOME", "Only what was done, or refused.")
                      .filled(new Fill.Words(OUTCOMES)),
                  Option.one("--by", "ID", "Only what this token, access key or user did."),
                  Option.one("--resource", "ID", "Only what concerned this."),
                  Option.one("--request", "ID", "Only this request."),
                  Option.one("--from", "TIME", "Not before: 2026-10-01T00:00:00Z."),
                  Option.one("--to", "TIME", "Before this time."),
                  Option.one("--limit", "N", "The newest so many, to 1000; 100 by default."),
                  Option.one("--export", "csv|jsonl", "All of it, as the cloud writes it.")
                      .filled(new Fill.Words(EXPORTS)))
              .like(
                  "brume audit --outcome refused --from 2026-10-01T00:00:00Z",
                  "brume audit --export jsonl > audit.jsonl"),
          AuditVerb::run);

  private AuditVerb() {}

  private static int run(Session session) {
    Arguments given = session.arguments();
    var export = given.choice("--export", EXPORTS);
    if (export.isPresent()) {
      return export(
          session, filtered(given, Request.get("/v1/audit/export").with("format", export.get())));
    }
    long limit = given.number("--limit", 1, 1000).orElse(100L);
    Object page =
        session
            .cloud()
            .json(filtered(given, Request.get("/v1/audit")).with("limit", Long.toString(limit)));
    session.show(ENTRIES, Json.list(page, "items"));
    if (!Json.text(page, "nextCursor").isEmpty()) {
      session.remark("There is more: narrow it, raise --limit, or --export all of it.");
    }
    return 0;
  }

  private static Request filtered(Arguments given, Request request) {
    return request
        .with("action", given.text("--action"))
        .with("outcome", given.choice("--outcome", OUTCOMES))
        .with("principal", given.text("--by"))
        .with("resource", given.text("--resource"))
        .with("requestId", given.text("--request"))
        .with("from", given.text("--from"))
        .with("to", given.text("--to"));
  }

  /// Line by line, however much it is.
  private static int export(Session session, Request request) {
    String accept = "text/csv, application/x-ndjson, application/problem+json";
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                session.cloud().stream(request, accept), StandardCharsets.UTF_8))) {
      String line;
      while ((line = lines.readLine()) != null) {
        session.out().println(line);
      }
      return 0;
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE, "the export broke off: what is printed is not all of it");
    }
  }
}
