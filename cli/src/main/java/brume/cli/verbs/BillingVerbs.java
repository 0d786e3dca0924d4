package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.cloud.Request;
import brume.cli.grammar.Arguments;
import brume.cli.grammar.Chapter;
import brume.cli.grammar.Option;
import brume.cli.grammar.Verb;
import brume.cli.show.Column;
import brume.cli.show.Format;
import java.util.List;

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
          Column.of("SECONDS", "seconds"));

  static final List<Command> COMMANDS =
      List.of(
          new Command(
              Verb.of("invoice", Chapter.BILLING, "What this month has cost so far."),
              BillingVerbs::invoice),
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
    Request request = Request.get("/v1/invoices/current");
    if (session.printer().isForPeople()) {
      session.out().print(session.cloud().text(request).text());
      session.out().flush();
      return 0;
    }
    Object invoice = session.cloud().json(request);
    boolean lines = session.printer().format() == Format.CSV && !session.arguments().has("--query");
    session.show(LINES, lines ? Json.list(invoice, "lines") : invoice);
    return 0;
  }
}
