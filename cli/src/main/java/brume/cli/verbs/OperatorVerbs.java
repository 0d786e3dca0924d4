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
import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import brume.cli.show.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Nodes and accounts, for operators of the cloud.
final class OperatorVerbs {
  private static final List<Column> NODES =
      List.of(
          Column.of("NODE", "id"),
          Column.of("NAME", "name"),
          Column.of("ZONE", "zone"),
          Column.made(
              "STATE",
              List.of("ready", "availability"),
              (row, _) -> {
                String wanted = Json.text(row, "availability");
                return !Boolean.TRUE.equals(Json.at(row, "ready"))
                    ? "lost"
                    : wanted.equals("active") ? "ready" : wanted;
              }),
          Column.of("INSTANCES", "instances"),
          Column.made(
              "VCPU USED",
              List.of("vcpuUsed", "vcpu"),
              (row, _) -> Json.text(row, "vcpuUsed") + " of " + Json.text(row, "vcpu")),
          Column.made(
              "MEMORY USED",
              List.of("memoryMibUsed", "memoryMib"),
              (row, _) ->
                  Json.text(row, "memoryMibUsed") + " of " + Json.text(row, "memoryMib") + " MiB"),
          Column.ago("SEEN AGO", "lastHeartbeatAt"));

  private static final List<Column> ACCOUNTS =
      List.of(
          Column.of("ACCOUNT", "id"),
          Column.elastic("NAME", "name"),
          Column.time("CREATED", "createdAt"),
          Column.time("SUSPENDED", "suspendedAt"),
          Column.of("INSTANCES MAX", "quotas.instancesMax"),
          Column.of("VCPU MAX", "quotas.vcpuMax"),
          Column.mib("MEMORY MAX", "quotas.memoryMibMax"),
          Column.of("REQUESTS/S MAX", "quotas.requestsPerSecondMax"));

  private static final Pattern ID = Pattern.compile("node-[0-9a-f]{17}");
  private static final Parameter NODE = Parameter.one("NODE", "Its id, or its name.");
  private static final Parameter ACCOUNT = Parameter.one("ACCOUNT", "Its id, of 12 digits.");
  private static final Option QUOTA =
      Option.many("--quota", "NAME=N", "Such as vcpu=400; 'brume quotas' has the names.");

  static final List<Command> COMMANDS =
      List.of(
          new Command(
              Verb.of("nodes", Chapter.OPERATION, "List the hosts and what they hold."),
              session -> {
                session.show(NODES, session.cloud().all(Request.get("/v1/nodes")));
                return 0;
              }),
          wanting("cordon", "Place nothing new on a host; what it holds goes on.", "cordoned"),
          wanting(
              "drain",
              "Stop what a host holds, a few at a time, and start it again elsewhere.",
              "draining"),
          wanting("open", "Let a host take new work again.", "active"),
          new Command(
              Verb.of("accounts", Chapter.OPERATION, "List all accounts."),
              session -> {
                session.show(ACCOUNTS, session.cloud().all(Request.get("/v1/accounts")));
                return 0;
              }),
          new Command(
              Verb.of("accounts show", Chapter.OPERATION, "One account with all its quotas.")
                  .taking(ACCOUNT),
              session -> {
                session.show(
                    card(),
                    session
                        .cloud()
                        .json(Request.get("/v1/accounts/{}", session.arguments().word())));
                return 0;
              }),
          new Command(
              Verb.of("accounts create", Chapter.OPERATION, "Make an account.")
                  .saying("Its first owner's token is shown once: keep it now.")
                  .taking(Parameter.one("NAME", "What to call it."))
                  .with(QUOTA)
                  .like("brume accounts create 'Blue team' --quota vcpu=400"),
              OperatorVerbs::create),
          new Command(
              Verb.of(
                      "accounts edit",
                      Chapter.OPERATION,
                      "Rename or suspend an account, or give it other quotas.")
                  .saying("A suspended account may look and change nothing; what it runs goes on.")
                  .taking(ACCOUNT)
                  .with(
                      Option.one("--name", "NAME", "Call it so."),
                      Option.one("--suspended", "yes|no", "Whether it may change anything.")
                          .filled(Fill.words("yes", "no")),
                      QUOTA),
              OperatorVerbs::edit));

  private OperatorVerbs() {}

  private static Command wanting(String verb, String what, String availability) {
    return new Command(
        Verb.of("nodes " + verb, Chapter.OPERATION, what).taking(NODE),
        session -> {
          String node = nodeId(session, session.arguments().word());
          Map<String, Object> wanted = Map.of("availability", availability);
          session.show(
              NODES, session.cloud().json(Request.of("PATCH", "/v1/nodes/{}", node).body(wanted)));
          return 0;
        });
  }

  private static String nodeId(Session session, String given) {
    if (ID.matcher(given).matches()) {
      return given;
    }
    return session.cloud().all(Request.get("/v1/nodes")).stream()
        .filter(node -> Json.text(node, "name").equals(given))
        .map(node -> Json.text(node, "id"))
        .findFirst()
        .orElseThrow(() ->
            new CommandFailure(
                ExitCode.REFUSED, "no node is called '" + given + "': 'brume nodes' lists them"));
  }

  private static List<Column> card() {
    List<Column> columns = new ArrayList<>(ACCOUNTS);
    columns.add(Column.of("VOLUMES MAX", "quotas.volumesMax"));
    columns.add(Column.of("ADDRESSES MAX", "quotas.addressesMax"));
    return columns;
  }

  private static int create(Session session) {
    Map<String, Object> wanted = new LinkedHashMap<>();
    wanted.put("name", session.arguments().word());
    quotas(session.arguments(), wanted);
    String key = session.surroundings().idempotencyKey();
    session.show(
        List.of(
            Column.of("ACCOUNT", "account.id"),
            Column.of("NAME", "account.name"),
            Column.of("OWNER'S TOKEN", "ownerToken.token")),
        session.cloud().json(Request.post(key, "/v1/accounts").body(wanted)));
    session.remark("The token is not shown again: keep it now.");
    return 0;
  }

  private static int edit(Session session) {
    Arguments given = session.arguments();
    Map<String, Object> change = new LinkedHashMap<>();
    given.text("--name").ifPresent(name -> change.put("name", name));
    given
        .choice("--suspended", List.of("yes", "no"))
        .ifPresent(yes -> change.put("suspended", yes.equals("yes")));
    quotas(given, change);
    if (change.isEmpty()) {
      throw new UsageFailure("nothing to change: give --name, --suspended or --quota");
    }
    session.show(
        card(),
        session.cloud().json(Request.of("PATCH", "/v1/accounts/{}", given.word()).body(change)));
    return 0;
  }

  private static void quotas(Arguments given, Map<String, Object> into) {
    Map<String, Object> quotas = new LinkedHashMap<>();
    given
        .pairs("--quota")
        .forEach((name, value) -> {
          if (!value.matches("[0-9]{1,15}")) {
            throw new UsageFailure(
                "--quota " + name + " must be a whole number, not '" + value + "'");
          }
          quotas.put(name.endsWith("Max") ? name : name + "Max", Long.parseLong(value));
        });
    if (!quotas.isEmpty()) {
      into.put("quotas", quotas);
    }
  }
}
