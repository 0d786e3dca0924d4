package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.cloud.Request;
import brume.cli.grammar.Arguments;
import brume.cli.grammar.Chapter;
import brume.cli.grammar.Fill;
import brume.cli.grammar.Option;
import brume.cli.grammar.Parameter;
import brume.cli.grammar.Verb;
import brume.cli.show.Column;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tokens for the REST API and access keys for the EC2 door: the same verbs for both. A secret is
/// shown once, by the command that made it.
final class CredentialVerbs {
  static final List<String> ROLES = List.of("owner", "operator", "reader", "billing");

  private static final long OVERLAP_SECONDS_MAX = 604_800;
  private static final long DAYS_MAX = 3_650;

  /// What tokens and access keys differ in.
  private enum Kind {
    TOKENS("tokens", "a token", "/v1/tokens", "token", "revokedAt", "revoked"),
    KEYS("keys", "an access key", "/v1/access-keys", "secret", "deletedAt", "deleted");

    /// The first word of its verbs.
    private final String verb;

    private final String one;
    private final String path;

    /// The field that its secret is in.
    private final String secret;

    /// The field that says when it was ended, and the word for it.
    private final String ended;

    private final String endedWord;

    Kind(String verb, String one, String path, String secret, String ended, String endedWord) {
      this.verb = verb;
      this.one = one;
      this.path = path;
      this.secret = secret;
      this.ended = ended;
      this.endedWord = endedWord;
    }
  }

  static final List<Command> COMMANDS = commands();

  private CredentialVerbs() {}

  private static List<Command> commands() {
    List<Command> commands = new ArrayList<>();
    commands.addAll(
        of(
            Kind.TOKENS,
            "Tokens for this command line and the REST API.",
            "revoke",
            "Revoke a token."));
    commands.addAll(
        of(
            Kind.KEYS,
            "Access keys for clients of the EC2 door.",
            "delete",
            "Delete an access key with its secret."));
    return commands;
  }

  private static List<Command> of(Kind kind, String summary, String end, String ending) {
    Parameter id = Parameter.one("ID", "Of " + kind.one + "; 'brume " + kind.verb + "'.");
    Verb create =
        Verb.of(kind.verb + " create", Chapter.ACCOUNT, "Make " + kind.one + ".")
            .saying("Its secret is shown once: keep it now.")
            .taking(Parameter.one("LABEL", "What it is for."))
            .with(
                Option.one("--role", "ROLE", String.join(", ", ROLES) + "; reader by default.")
                    .filled(new Fill.Words(ROLES)),
                Option.many("--scope", "ACTIONS", "Only these actions, such as 'Describe*'."),
                Option.one("--user", "USER", "For this person, by id."),
                Option.one("--expires", "DAYS", "It ends after so many days, to 3650."))
            .like("brume " + kind.verb + " create ci --role operator --expires 90");
    return List.of(
        new Command(
            Verb.of(kind.verb, Chapter.ACCOUNT, summary)
                .with(Option.flag("-a, --all", "Also those that are ended.")),
            session -> list(session, kind)),
        new Command(
            kind == Kind.TOKENS
                ? create.with(Option.flag("--cloud-operator", "It may see nodes and all accounts."))
                : create,
            session -> create(session, kind)),
        new Command(
            Verb.of(
                    kind.verb + " rotate",
                    Chapter.ACCOUNT,
                    "Replace " + kind.one + " with another like it.")
                .saying("Its secret is shown once: keep it now.")
                .taking(id)
                .with(
                    Option.one(
                        "--overlap",
                        "SECONDS",
                        "How long the old one still holds, to 604800; 3600 by default, 0 to end"
                            + " it at once.")),
            session -> rotate(session, kind)),
        new Command(
            Verb.of(kind.verb + " " + end, Chapter.ACCOUNT, ending).taking(id),
            session -> end(session, kind)));
  }

  private static List<Column> columns(Kind kind) {
    return List.of(
        Column.of(kind == Kind.TOKENS ? "TOKEN" : "ACCESS KEY", "id"),
        Column.elastic("LABEL", "label"),
        Column.of("ROLE", "role"),
        Column.made("STATE", List.of("expiresAt", kind.ended), (row, now) -> state(kind, row, now)),
        Column.elastic("SCOPES", "scopes"),
        Column.of("USER", "userId"),
        Column.ago("AGE", "createdAt"),
        Column.ago("LAST USED AGO", "lastUsedAt"));
  }

  private static String state(Kind kind, Object row, java.time.Instant now) {
    if (Json.at(row, kind.ended) != null) {
      return kind.endedWord;
    }
    String expires = Json.text(row, "expiresAt");
    if (expires.isEmpty()) {
      return "valid";
    }
    boolean over = !java.time.OffsetDateTime.parse(expires).toInstant().isAfter(now);
    return over ? "expired" : "for " + Column.ago("", "expiresAt").text().apply(row, now);
  }

  private static int list(Session session, Kind kind) {
    List<Object> found = session.cloud().all(Request.get(kind.path));
    if (!session.arguments().has("--all")) {
      found.removeIf(credential -> Json.at(credential, kind.ended) != null);
    }
    session.show(columns(kind), found);
    return 0;
  }

  private static int create(Session session, Kind kind) {
    Arguments given = session.arguments();
    Map<String, Object> wanted = new LinkedHashMap<>();
    wanted.put("label", given.word());
    wanted.put("role", given.choice("--role", ROLES).orElse("reader"));
    if (given.has("--scope")) {
      wanted.put("scopes", given.list("--scope"));
    }
    given.text("--user").ifPresent(user -> wanted.put("userId", user));
    expiry(session).ifPresent(end -> wanted.put("expiresAt", end));
    if (given.has("--cloud-operator")) {
      wanted.put("cloudOperator", true);
    }
    String key = session.surroundings().idempotencyKey();
    showSecret(session, kind, session.cloud().json(Request.post(key, kind.path).body(wanted)));
    return 0;
  }

  private static Optional<String> expiry(Session session) {
    return session
        .arguments()
        .number("--expires", 1, DAYS_MAX)
        .map(days ->
            session.surroundings().clock().instant().plus(Duration.ofDays(days)).toString());
  }

  private static int rotate(Session session, Kind kind) {
    Map<String, Object> wanted = new LinkedHashMap<>();
    session
        .arguments()
        .number("--overlap", 0, OVERLAP_SECONDS_MAX)
        .ifPresent(seconds -> wanted.put("overlapSeconds", seconds));
    String key = session.surroundings().idempotencyKey();
    Request request =
        Request.post(key, kind.path + "/{}/rotate", session.arguments().word()).body(wanted);
    showSecret(session, kind, session.cloud().json(request));
    return 0;
  }

  private static void showSecret(Session session, Kind kind, Object made) {
    session.show(
        List.of(
            Column.of(kind == Kind.TOKENS ? "ID" : "ACCESS KEY", "id"),
            Column.of("LABEL", "label"),
            Column.of("ROLE", "role"),
            Column.of("SCOPES", "scopes"),
            Column.of("USER", "userId"),
            Column.time("EXPIRES", "expiresAt"),
            Column.of(kind == Kind.TOKENS ? "TOKEN" : "SECRET KEY", kind.secret)),
        made);
    session.remark("It is not shown again: keep it now.");
  }

  private static int end(Session session, Kind kind) {
    String id = session.arguments().word();
    session.cloud().send(Request.of("DELETE", kind.path + "/{}", id));
    session.done(Json.object("id", id), id + " is " + kind.endedWord);
    return 0;
  }
}
