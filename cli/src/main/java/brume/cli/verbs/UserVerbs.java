package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.cloud.Request;
import brume.cli.grammar.Chapter;
import brume.cli.grammar.Fill;
import brume.cli.grammar.Option;
import brume.cli.grammar.Parameter;
import brume.cli.grammar.Verb;
import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import brume.cli.show.Column;
import java.util.List;
import java.util.Map;

/// The account's people.
final class UserVerbs {
  private static final List<Column> USERS =
      List.of(
          Column.of("USER", "id"),
          Column.of("NAME", "name"),
          Column.of("ROLE", "role"),
          Column.ago("AGE", "createdAt"));

  private static final Parameter USER = Parameter.one("USER", "Name or id.");
  private static final Option ROLE =
      Option.one("--role", "ROLE", String.join(", ", CredentialVerbs.ROLES) + ".")
          .filled(new Fill.Words(CredentialVerbs.ROLES));

  static final List<Command> COMMANDS =
      List.of(
          new Command(
              Verb.of("users", Chapter.ACCOUNT, "The account's people."),
              session -> {
                session.show(USERS, session.cloud().all(Request.get("/v1/users")));
                return 0;
              }),
          new Command(
              Verb.of("users add", Chapter.ACCOUNT, "Add a person.")
                  .saying("Tokens and keys made for them never have more rights than they.")
                  .taking(Parameter.one("NAME", "Such as ada@example.com."))
                  .with(ROLE)
                  .like("brume users add ada@example.com --role operator"),
              session -> {
                Map<String, Object> wanted =
                    Json.object("name", session.arguments().word(), "role", role(session));
                String key = session.surroundings().idempotencyKey();
                session.show(
                    USERS, session.cloud().json(Request.post(key, "/v1/users").body(wanted)));
                return 0;
              }),
          new Command(
              Verb.of("users edit", Chapter.ACCOUNT, "Give a person another role.")
                  .taking(USER)
                  .with(ROLE),
              session -> {
                Request change =
                    Request.of("PATCH", "/v1/users/{}", id(session))
                        .body(Json.object("role", role(session)));
                session.show(USERS, session.cloud().json(change));
                return 0;
              }),
          new Command(
              Verb.of("users remove", Chapter.ACCOUNT, "Remove a person with tokens and keys.")
                  .taking(USER),
              session -> {
                String id = id(session);
                session.cloud().send(Request.of("DELETE", "/v1/users/{}", id));
                session.done(Json.object("id", id), id + " is removed");
                return 0;
              }));

  private UserVerbs() {}

  private static String role(Session session) {
    return session
        .arguments()
        .choice("--role", CredentialVerbs.ROLES)
        .orElseThrow(() ->
            new CommandFailure(
                ExitCode.USAGE, "give --role, one of " + String.join(", ", CredentialVerbs.ROLES)));
  }

  private static String id(Session session) {
    String given = session.arguments().word();
    if (given.startsWith("usr-")) {
      return given;
    }
    return session.cloud().all(Request.get("/v1/users")).stream()
        .filter(user -> Json.text(user, "name").equals(given))
        .map(user -> Json.text(user, "id"))
        .findFirst()
        .orElseThrow(() ->
            new CommandFailure(
                ExitCode.REFUSED, "nobody is called '" + given + "': 'brume users' lists them"));
  }
}
