package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.cloud.Request;
import brume.cli.grammar.Chapter;
import brume.cli.grammar.Option;
import brume.cli.grammar.Parameter;
import brume.cli.grammar.Verb;
import brume.cli.process.ExitCode;
import brume.cli.show.Column;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Months that are over: what they came to; and for the cloud's operators their audit, their
/// closing, and their way into a file.
final class MonthVerbs {
  private static final List<Column> AUDIT =
      List.of(
          Column.yes("AGREES", "agrees"),
          Column.of("TRANSITIONS", "transitions"),
          Column.of("RESOURCES", "resources"),
          Column.of("DIFFERENCES", "differencesTotal"),
          Column.yes("LOG IS WHOLE", "logIsWhole"));

  private static final List<Column> DIFFERENCES =
      List.of(
          Column.of("ACCOUNT", "accountId"),
          Column.of("RESOURCE", "resourceId"),
          Column.of("METER", "meter"),
          Column.of("SKU", "sku"),
          Column.of("FROM USAGE", "fromUsage"),
          Column.of("FROM THE LOG", "fromTransitions"),
          Column.time("SINCE", "interval.start"));

  private static final List<Column> CLOSED =
      List.of(
          Column.of("MONTH", "month"),
          Column.of("ISSUED", "issued"),
          Column.of("WERE THERE", "unchanged"),
          Column.of("WAIT", "waiting"),
          Column.yes("AUDIT AGREES", "audit.agrees"));

  private static final List<Column> ARCHIVED =
      List.of(
          Column.of("PART", "part"),
          Column.of("RECORDS", "records"),
          Column.of("BYTES", "bytes"),
          Column.of("FILE", "file"),
          Column.of("SHA-256", "sha256"));

  private static final Parameter MONTH = Parameter.one("MONTH", "Of UTC: 2026-10.");

  private static final List<Column> SUMS =
      List.of(
          Column.of("MONTH", "month"),
          Column.of("KIND", "kind"),
          Column.of("METER", "meter"),
          Column.of("SKU", "sku"),
          Column.of("LINES", "lines"),
          Column.of("UNITS", "units"),
          Column.of("AMOUNT", "amount"),
          Column.of("CURRENCY", "currency"));

  static final List<Command> COMMANDS =
      List.of(
          new Command(
              Verb.of("months", Chapter.BILLING, "What issued months came to, before tax.")
                  .with(
                      Option.one("--from", "MONTH", "The first: 2026-01; a year's if absent."),
                      Option.one("--to", "MONTH", "The last; this month if absent.")),
              MonthVerbs::sums),
          new Command(
              Verb.of(
                      "months audit",
                      Chapter.BILLING,
                      "Compare a month's usage with the log by a second way; for cloud operators.")
                  .saying("Its exit code says whether they agree.")
                  .taking(MONTH),
              MonthVerbs::audit),
          new Command(
              Verb.of(
                      "months close",
                      Chapter.BILLING,
                      "Audit a month and issue its invoices; for cloud operators.")
                  .saying("Safe to repeat. The service does it by itself some hours after a month.")
                  .taking(MONTH),
              MonthVerbs::close),
          new Command(
              Verb.of(
                      "months archive",
                      Chapter.BILLING,
                      "Move a month's usage from the database to a file; for cloud operators.")
                  .saying(
                      "It must be over and issued. Invoices stay; usage, explanations and audits of"
                          + " that month are gone for who has not the file.")
                  .taking(MONTH),
              session -> {
                session.show(
                    ARCHIVED,
                    session
                        .cloud()
                        .json(
                            Request.of(
                                "PUT",
                                "/v1/billing-periods/{}/archive",
                                session.arguments().word())));
                return 0;
              }));

  private MonthVerbs() {}

  private static int sums(Session session) {
    Request request = Request.get("/v1/usage/months");
    for (String bound : List.of("from", "to")) {
      request = with(request, bound, session.arguments().text("--" + bound));
    }
    session.show(SUMS, Json.list(session.cloud().json(request), "items"));
    return 0;
  }

  private static Request with(Request request, String name, Optional<String> value) {
    return value.map(given -> request.with(name, given)).orElse(request);
  }

  private static int audit(Session session) {
    Object audit =
        session
            .cloud()
            .json(Request.get("/v1/billing-periods/{}/audit", session.arguments().word()));
    session.show(AUDIT, audit);
    return verdict(session, audit);
  }

  private static int close(Session session) {
    Object closed =
        session
            .cloud()
            .json(Request.of("PUT", "/v1/billing-periods/{}", session.arguments().word()));
    session.show(CLOSED, closed);
    return verdict(session, Json.at(closed, "audit"));
  }

  private static int verdict(Session session, @Nullable Object audit) {
    if (Boolean.TRUE.equals(Json.at(audit, "agrees"))) {
      return 0;
    }
    if (session.printer().isForPeople()) {
      session.show(DIFFERENCES, Json.list(audit, "differences"));
    }
    return ExitCode.REFUSED;
  }
}
