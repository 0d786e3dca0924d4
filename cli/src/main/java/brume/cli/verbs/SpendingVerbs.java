package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.cloud.Request;
import brume.cli.grammar.Arguments;
import brume.cli.grammar.Chapter;
import brume.cli.grammar.Fill;
import brume.cli.grammar.Option;
import brume.cli.grammar.Parameter;
import brume.cli.grammar.UsageFailure;
import brume.cli.grammar.Verb;
import brume.cli.show.Column;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Budgets, the spending limit, the wallet, and where alerts go.
final class SpendingVerbs {
  private static final List<Column> BUDGETS =
      List.of(
          Column.of("BUDGET", "id"),
          Column.of("CURRENCY", "currency"),
          Column.of("AMOUNT", "amount"),
          Column.made(
              "TAG",
              List.of("tag"),
              (row, _) ->
                  Json.at(row, "tag") == null
                      ? ""
                      : Json.text(row, "tag.key") + "=" + Json.text(row, "tag.value")),
          Column.of("SPENT", "spent"),
          Column.of("MONTH WOULD END AT", "forecastAmount"),
          Column.of("TOLD AT %", "actual"),
          Column.of("FORETOLD AT %", "forecast"));

  private static final List<Column> ALERTS =
      List.of(
          Column.time("AT", "at"),
          Column.of("ALERT", "id"),
          Column.of("KIND", "kind"),
          Column.of("DELIVERY", "delivery"),
          Column.made(
              "TRIES",
              List.of("tries"),
              (row, _) -> Integer.toString(Json.list(row, "tries").size())),
          Column.elastic("MESSAGE", "message"));

  private static final List<Column> LIMIT =
      List.of(
          Column.of("LIMIT", "amount"),
          Column.of("CURRENCY", "currency"),
          Column.of("SPENT", "spent"),
          Column.time("AS OF", "asOf"),
          Column.yes("STOPS INSTANCES", "stopInstances"),
          Column.elastic("REFUSED SINCE IT IS REACHED", "stop.detail"));

  private static final List<Column> WALLET =
      List.of(
          Column.of("BALANCE", "balance"),
          Column.of("CURRENCY", "currency"),
          Column.of("PAID AHEAD", "paidAhead"),
          Column.of("OWED", "owed"),
          Column.of("RUNNING", "running"),
          Column.yes("PREPAID", "prepaid"));

  private static final List<Column> MOVEMENTS =
      List.of(
          Column.time("AT", "at"),
          Column.of("CREDIT", "creditId"),
          Column.of("INVOICE", "invoiceId"),
          Column.of("AMOUNT", "amount"),
          Column.elastic("NOTE", "note"));

  private static final Parameter BUDGET = Parameter.one("BUDGET", "Its id, of your choice.");

  static final List<Command> COMMANDS =
      List.of(
          new Command(
              Verb.of(
                  "budgets", Chapter.BILLING, "What a month may cost, and what is spent of it."),
              session -> {
                session.show(
                    BUDGETS, Json.list(session.cloud().json(Request.get("/v1/budgets")), "items"));
                return 0;
              }),
          new Command(
              Verb.of("budgets set", Chapter.BILLING, "Make a budget or change it.")
                  .saying(
                      "It stops nothing: it tells once in a month when a share of it is spent, or"
                          + " when the month would end there; on the stream of events, and to the"
                          + " webhook.")
                  .taking(BUDGET)
                  .with(
                      Option.one("--amount", "AMOUNT", "For a month: 100.00."),
                      Option.many("--at", "PERCENT", "Tell when so much is spent; 100 by default."),
                      Option.many("--forecast", "PERCENT", "Tell when the month would end there."),
                      Option.one("--tag", "KEY=VALUE", "Of instances with this tag alone."))
                  .like("brume budgets set blue --amount 100.00 --at 80,100 --tag team=blue"),
              SpendingVerbs::set),
          new Command(
              Verb.of("budgets delete", Chapter.BILLING, "Delete a budget.").taking(BUDGET),
              session -> {
                String id = session.arguments().word();
                session.cloud().send(Request.of("DELETE", "/v1/budgets/{}", id));
                session.done(Json.object("id", id), id + " is deleted");
                return 0;
              }),
          new Command(
              Verb.of("budgets alerts", Chapter.BILLING, "What was told, the newest first."),
              session -> {
                session.show(
                    ALERTS,
                    Json.list(session.cloud().json(Request.get("/v1/budget-alerts")), "items"));
                return 0;
              }),
          new Command(
              Verb.of("budgets webhook", Chapter.BILLING, "Where alerts are sent, or shall be.")
                  .saying("A new address comes with a new secret, which is shown once.")
                  .taking(Parameter.optional("URL", "An https address that the world can reach."))
                  .with(Option.flag("--off", "Send them nowhere.")),
              SpendingVerbs::webhook),
          new Command(
              Verb.of("limit", Chapter.BILLING, "What the account may spend in a month.")
                  .saying("From there on nothing can be launched or started in that month.")
                  .taking(Parameter.optional("AMOUNT", "The new limit: 100.00, or none."))
                  .with(Option.flag("--stop-instances", "What runs is stopped then too."))
                  .like("brume limit 250.00", "brume limit none"),
              SpendingVerbs::limit),
          new Command(
              Verb.of("wallet", Chapter.BILLING, "What is paid ahead, and what is left of it.")
                  .taking(Parameter.optional("ACCOUNT", "Another's, for cloud operators."))
                  .with(
                      Option.one("--prepaid", "on|off", "Nothing starts when it is empty.")
                          .filled(Fill.words("on", "off")),
                      Option.one("--top-up", "AMOUNT", "Put so much in: 50.00."),
                      Option.one("--id", "ID", "Of the top-up: the same one twice is one."),
                      Option.one("--note", "TEXT", "What it was paid with."))
                  .like("brume wallet 000000000002 --top-up 50.00 --id order-17"),
              SpendingVerbs::wallet));

  private SpendingVerbs() {}

  private static int set(Session session) {
    Arguments given = session.arguments();
    Map<String, Object> wanted = new LinkedHashMap<>();
    wanted.put(
        "amount",
        given.text("--amount").orElseThrow(() -> new UsageFailure("--amount: say how much")));
    Map<String, String> tags = given.pairs("--tag");
    tags.forEach((key, value) -> wanted.put("tag", Json.object("key", key, "value", value)));
    boolean any = given.has("--at") || given.has("--forecast");
    wanted.put("actual", any ? percents(given, "--at") : List.of(100L));
    wanted.put("forecast", percents(given, "--forecast"));
    session.show(
        BUDGETS,
        session.cloud().json(Request.of("PUT", "/v1/budgets/{}", given.word()).body(wanted)));
    return 0;
  }

  private static List<Long> percents(Arguments given, String option) {
    return given.list(option).stream()
        .map(percent -> {
          if (!percent.matches("[0-9]{1,4}")) {
            throw new UsageFailure(
                option + " must be a whole number of percents, not '" + percent + "'");
          }
          return Long.parseLong(percent);
        })
        .toList();
  }

  private static int webhook(Session session) {
    List<String> words = session.arguments().words();
    boolean off = session.arguments().has("--off");
    if (off && !words.isEmpty()) {
      throw new UsageFailure("give an address or --off, not both");
    }
    if (off) {
      session.cloud().send(Request.of("DELETE", "/v1/billing-webhook"));
      session.done(Json.object("url", ""), "alerts are sent nowhere any more");
      return 0;
    }
    Request request =
        words.isEmpty()
            ? Request.get("/v1/billing-webhook")
            : Request.of("PUT", "/v1/billing-webhook").body(Json.object("url", words.getFirst()));
    session.show(
        List.of(Column.of("URL", "url"), Column.of("SECRET", "secret")),
        session.cloud().json(request));
    if (!words.isEmpty()) {
      session.remark("The secret is not shown again: keep it now.");
    }
    return 0;
  }

  private static int limit(Session session) {
    Arguments given = session.arguments();
    Request request = Request.get("/v1/spending-limit");
    if (!given.words().isEmpty()) {
      Map<String, Object> wanted = new LinkedHashMap<>();
      String amount = given.words().getFirst();
      if (!amount.equals("none")) {
        wanted.put("amount", amount);
      }
      wanted.put("stopInstances", given.has("--stop-instances"));
      request = Request.of("PUT", "/v1/spending-limit").body(wanted);
    } else if (given.has("--stop-instances")) {
      throw new UsageFailure("--stop-instances: say at which AMOUNT, or none");
    }
    session.show(LIMIT, session.cloud().json(request));
    return 0;
  }

  private static int wallet(Session session) {
    Arguments given = session.arguments();
    Optional<String> account = given.words().stream().findFirst();
    Optional<String> prepaid = given.choice("--prepaid", List.of("on", "off"));
    Optional<String> amount = given.text("--top-up");
    if (account.isEmpty() && (prepaid.isPresent() || amount.isPresent())) {
      throw new UsageFailure("say of which ACCOUNT; only operators of the cloud may");
    }
    if (amount.isPresent() != given.has("--id")) {
      throw new UsageFailure("--top-up and --id: give both, so that asking twice pays in once");
    }
    amount.ifPresent(text -> {
      Map<String, Object> grant = new LinkedHashMap<>();
      grant.put("amount", text);
      given.text("--note").ifPresent(note -> grant.put("note", note));
      session
          .cloud()
          .send(
              Request.of(
                      "PUT",
                      "/v1/billing-accounts/{}/credits/{}",
                      account.orElseThrow(),
                      given.text("--id").orElseThrow())
                  .body(grant));
    });
    Request request =
        account
            .map(id -> Request.get("/v1/billing-accounts/{}/wallet", id))
            .orElseGet(() -> Request.get("/v1/wallet"));
    if (prepaid.isPresent()) {
      request =
          Request.of("PUT", "/v1/billing-accounts/{}/wallet", account.orElseThrow())
              .body(Json.object("prepaid", prepaid.get().equals("on")));
    }
    Object wallet = session.cloud().json(request);
    session.show(WALLET, wallet);
    if (session.printer().isForPeople() && !Json.list(wallet, "movements").isEmpty()) {
      session.out().println();
      session.show(MOVEMENTS, Json.list(wallet, "movements"));
    }
    return 0;
  }
}
