package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.cloud.Request;
import brume.cli.grammar.Chapter;
import brume.cli.grammar.Verb;
import brume.cli.show.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The account, the caller, and how much of its quotas is used.
final class AccountVerbs {
  static final List<Column> ACCOUNT =
      List.of(
          Column.of("ACCOUNT", "id"),
          Column.of("NAME", "name"),
          Column.time("CREATED", "createdAt"),
          Column.time("SUSPENDED", "suspendedAt"),
          used("INSTANCES", "instances", "instancesMax"),
          used("VCPU", "vcpu", "vcpuMax"),
          used("MEMORY MIB", "memoryMib", "memoryMibMax"));

  private static final List<Column> CALLER =
      List.of(
          Column.of("CREDENTIAL", "credentialId"),
          Column.of("USER", "userId"),
          Column.of("ROLE", "role"),
          Column.yes("CLOUD OPERATOR", "cloudOperator"),
          Column.of("SCOPES", "scopes"),
          Column.of("ACCOUNT", "account"),
          Column.of("URL", "url"),
          Column.of("PROFILE", "profile"));

  private static final List<Column> QUOTAS =
      List.of(Column.of("QUOTA", "quota"), Column.of("USED", "used"), Column.of("MAX", "max"));

  static final List<Command> COMMANDS =
      List.of(
          new Command(
              Verb.of("account", Chapter.ACCOUNT, "The account, and how much it holds."),
              session -> {
                session.show(ACCOUNT, account(session));
                return 0;
              }),
          new Command(
              Verb.of("whoami", Chapter.ACCOUNT, "Who you are there, and what you may."),
              AccountVerbs::whoami),
          new Command(
              Verb.of("quotas", Chapter.ACCOUNT, "What the account may hold, and what it does."),
              AccountVerbs::quotas));

  private AccountVerbs() {}

  private static Object account(Session session) {
    return session.cloud().json(Request.get("/v1/account"));
  }

  private static Column used(String title, String used, String most) {
    return Column.made(
        title,
        List.of("used." + used, "quotas." + most),
        (row, _) -> Json.text(row, "used." + used) + " of " + Json.text(row, "quotas." + most));
  }

  private static int whoami(Session session) {
    Object account = account(session);
    Map<String, Object> caller = new LinkedHashMap<>();
    if (Json.at(account, "caller") instanceof Map<?, ?> known) {
      known.forEach((name, value) -> caller.put(String.valueOf(name), value));
    }
    caller.put("account", Json.text(account, "id") + " " + Json.text(account, "name"));
    caller.put("url", session.cloud().url());
    session.profileName().ifPresent(name -> caller.put("profile", name));
    session.show(CALLER, caller);
    return 0;
  }

  private static int quotas(Session session) {
    Object account = account(session);
    List<Object> rows = new ArrayList<>();
    if (Json.at(account, "quotas") instanceof Map<?, ?> quotas) {
      quotas.forEach((name, most) -> {
        String quota = String.valueOf(name).replaceFirst("Max$", "");
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("quota", quota);
        Object used = Json.at(account, "used." + quota);
        if (used != null) {
          row.put("used", used);
        }
        row.put("max", most);
        rows.add(row);
      });
    }
    session.show(QUOTAS, rows);
    return 0;
  }
}
