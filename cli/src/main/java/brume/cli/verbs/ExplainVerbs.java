package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.cloud.Request;
import brume.cli.grammar.Chapter;
import brume.cli.grammar.Option;
import brume.cli.grammar.Parameter;
import brume.cli.grammar.Verb;
import brume.cli.show.Column;
import java.util.List;

/// Issued invoices, and a line walked back to what caused it.
final class ExplainVerbs {
  static final List<Column> INVOICES =
      List.of(
          Column.of("INVOICE", "id"),
          Column.of("NUMBER", "number"),
          Column.of("STATE", "state"),
          Column.time("FROM", "period.start"),
          Column.time("TO", "period.end"),
          Column.time("DUE AT", "dueAt"),
          Column.of("CURRENCY", "currency"),
          Column.of("TOTAL", "total"),
          Column.of("DUE", "due"));

  private static final List<Column> LINE =
      List.of(
          Column.of("LINE", "lineId"),
          Column.of("RESOURCE", "resourceId"),
          Column.of("SKU", "sku"),
          Column.of("PRICE BOOK", "price.priceBookId"),
          Column.of("SECONDS", "quantitySeconds"),
          Column.of("UNROUNDED", "exactUnrounded"),
          Column.of("EXACT", "exactAmount"),
          Column.of("AMOUNT", "amount"),
          Column.of("ROUNDING", "rounding.rule"));

  static final List<Command> COMMANDS =
      List.of(
          new Command(
              Verb.of("invoices", Chapter.BILLING, "The issued invoices, the newest first."),
              session -> {
                session.show(
                    INVOICES,
                    Json.list(session.cloud().json(Request.get("/v1/invoices")), "items"));
                return 0;
              }),
          new Command(
              Verb.of("explain", Chapter.BILLING, "An invoice's line, back to what caused it.")
                  .taking(Parameter.one("LINE", "Its id: 'brume invoice -o csv'."))
                  .with(
                      Option.one(
                          "--invoice", "ID", "Of an issued invoice; else of this month's draft.")),
              ExplainVerbs::explain));

  private ExplainVerbs() {}

  private static int explain(Session session) {
    Object line =
        session
            .cloud()
            .json(
                Request.get(
                    "/v1/invoices/{}/lines/{}/explain",
                    session.arguments().text("--invoice").orElse("current"),
                    session.arguments().word()));
    if (session.printer().isForPeople() && !session.arguments().has("--query")) {
      session.out().print(LineTree.of(line));
      session.out().flush();
    } else {
      session.show(LINE, line);
    }
    return 0;
  }
}
