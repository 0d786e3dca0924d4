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
import brume.cli.show.Format;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/// What was used, and what it costs.
final class BillingVerbs {
  private static final List<Column> LINES =
      List.of(
          Column.of("LINE", "id"),
          Column.of("SERVICE", "service"),
          Column.of("RESOURCE", "resourceId"),
          Column.elastic("NAME", "resourceName"),
          Column.of("SKU", "sku"),
          Column.time("START", "start"),
          Column.time("END", "end"),
          Column.of("SECONDS", "seconds"),
          Column.of("MINIMUM", "minimumSeconds"),
          Column.of("PER HOUR", "unitPricePerHour"),
          Column.of("EXACT", "exactAmount"),
          Column.of("AMOUNT", "amount"));

  private static final List<Column> USAGE =
      List.of(
          Column.of("USAGE", "id"),
          Column.of("RESOURCE", "resourceId"),
          Column.of("METER", "meter"),
          Column.of("SKU", "sku"),
          Column.time("START", "start"),
          Column.time("END", "end"),
          Column.of("SECONDS", "seconds"),
          Column.of("UNITS", "units"),
          Column.of("CPU S", "cpuSeconds"),
          Column.of("MEMORY B", "memoryBytes"));

  private static final List<Column> GROUPS =
      List.of(
          Column.of("GROUP", "key"),
          Column.elastic("NAME", "name"),
          Column.of("SECONDS", "seconds"),
          Column.of("RUNNING", "running"),
          Column.of("COST", "exactAmount"),
          Column.of("PER HOUR", "perHour"));

  private static final List<String> FILES = List.of("pdf", "csv", "focus", "focus-parquet");

  static final List<Command> COMMANDS =
      List.of(
          new Command(
              Verb.of(
                      "invoice",
                      Chapter.BILLING,
                      "What this month has cost so far, or an issued one.")
                  .taking(Parameter.optional("INVOICE", "Its id: 'brume invoices'."))
                  .with(
                      Option.one(
                              "--as",
                              "pdf|csv|focus|focus-parquet",
                              "An issued one as the cloud writes it.")
                          .filled(new Fill.Words(FILES)),
                      Option.one(
                              "--to",
                              "FILE",
                              "Where to, with --as, instead of the standard output.")
                          .filled(Fill.Known.FILES))
                  .like("brume invoice inv-00000000000000001 --as pdf --to october.pdf"),
              BillingVerbs::invoice),
          new Command(
              Verb.of(
                      "costs",
                      Chapter.BILLING,
                      "This month's cost in groups, and where it would end.")
                  .with(
                      Option.one(
                          "--by",
                          "GROUP",
                          "service, type, instance, day or tag:KEY; service by default.")),
              BillingVerbs::costs),
          new Command(
              Verb.of("usage", Chapter.BILLING, "The metered intervals, as they began.")
                  .with(
                      Option.one("--from", "TIME", "What ended then or later; this month's."),
                      Option.one("--to", "TIME", "What began before; this month's.")),
              session -> {
                Arguments given = session.arguments();
                session.show(
                    USAGE,
                    session
                        .cloud()
                        .all(
                            Request.get("/v1/usage")
                                .with("from", given.text("--from"))
                                .with("to", given.text("--to"))));
                return 0;
              }));

  private BillingVerbs() {}

  /// Billing writes the readable one itself.
  private static int invoice(Session session) {
    Arguments given = session.arguments();
    boolean issued = !given.words().isEmpty();
    Request request = Request.get("/v1/invoices/{}", issued ? given.words().getFirst() : "current");
    Optional<String> as = given.choice("--as", FILES);
    if (given.has("--to") && as.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE, "--to: say as what by --as: " + String.join(", ", FILES));
    }
    if (as.isPresent() && !issued) {
      throw new CommandFailure(
          ExitCode.USAGE, "--as: this month's is a draft; name an issued one: 'brume invoices'");
    }
    if (as.isPresent()) {
      return write(session, request.with("format", as.get()));
    }
    if (session.printer().isForPeople()) {
      Request text = issued ? request.with("format", "text") : request;
      session.out().print(session.cloud().text(text).text());
      session.out().flush();
      return 0;
    }
    Object invoice = session.cloud().json(request);
    boolean lines = session.printer().format() == Format.CSV && !given.has("--query");
    session.show(LINES, lines ? Json.list(invoice, "lines") : invoice);
    return 0;
  }

  /// Byte by byte, however much it is.
  private static int write(Session session, Request request) {
    String accept = "application/pdf, text/csv, application/problem+json";
    Optional<String> file = session.arguments().text("--to");
    try (InputStream written = session.cloud().stream(request, accept)) {
      if (file.isPresent()) {
        Files.copy(written, Path.of(file.get()), StandardCopyOption.REPLACE_EXISTING);
      } else {
        written.transferTo(session.surroundings().bytes());
        session.surroundings().bytes().flush();
      }
      return 0;
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "the invoice could not be copied to "
              + file.orElse("the standard output")
              + ": "
              + e.getMessage());
    }
  }

  private static int costs(Session session) {
    Object summary =
        session
            .cloud()
            .json(
                Request.get("/v1/usage/summary").with("groupBy", session.arguments().text("--by")));
    if (!session.printer().isForPeople()) {
      session.show(GROUPS, summary);
      return 0;
    }
    session.show(GROUPS, Json.list(summary, "groups"));
    session
        .out()
        .println(
            "Together %s %s so far, %s an hour as it runs now, %s by the end of the month."
                .formatted(
                    Json.text(summary, "currency"),
                    Json.text(summary, "exactTotal"),
                    Json.text(summary, "perHour"),
                    Json.text(summary, "forecast")));
    session.out().flush();
    return 0;
  }
}
