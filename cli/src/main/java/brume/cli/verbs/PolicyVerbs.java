package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.cloud.Request;
import brume.cli.grammar.Arguments;
import brume.cli.grammar.Chapter;
import brume.cli.grammar.Option;
import brume.cli.grammar.Parameter;
import brume.cli.grammar.UsageFailure;
import brume.cli.grammar.Verb;
import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import brume.cli.show.Column;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Policies: what is allowed or denied by tag and type.
final class PolicyVerbs {
  private static final List<Column> POLICIES =
      List.of(
          Column.of("POLICY", "id"),
          Column.elastic("NAME", "name"),
          Column.of("EFFECT", "effect"),
          Column.elastic("ACTIONS", "actions"),
          Column.elastic("TYPES", "types"),
          Column.elastic("TAGS", "tags"));

  private static final Parameter POLICY = Parameter.one("POLICY", "Name or id.");
  private static final Option ALLOW =
      Option.many("--allow", "ACTIONS", "These actions, such as 'Run*', only where it fits.");
  private static final Option DENY =
      Option.many("--deny", "ACTIONS", "These actions never where it fits.");
  private static final Option TYPE =
      Option.many("--type", "TYPES", "It fits instances of these types, such as 'e1.*'.");
  private static final Option TAG =
      Option.many("--tag", "KEY=VALUE", "It fits instances with this tag.");

  static final List<Command> COMMANDS =
      List.of(
          new Command(
              Verb.of("policies", Chapter.ACCOUNT, "What is allowed or denied, by tag and type."),
              session -> {
                session.show(
                    POLICIES,
                    Json.list(session.cloud().json(Request.get("/v1/policies")), "items"));
                return 0;
              }),
          new Command(
              Verb.of("policies show", Chapter.ACCOUNT, "One policy.").taking(POLICY),
              session -> {
                session.show(
                    POLICIES, session.cloud().json(Request.get("/v1/policies/{}", id(session))));
                return 0;
              }),
          new Command(
              Verb.of("policies create", Chapter.ACCOUNT, "Make a policy.")
                  .saying(
                      "An allow limits the actions that it names to where it, or another that names"
                          + " them, fits; a deny forbids them there.")
                  .taking(Parameter.one("NAME", "What to call it."))
                  .with(ALLOW, DENY, TYPE, TAG)
                  .like(
                      "brume policies create 'keep production' --deny 'Terminate*' --tag env=prod"),
              PolicyVerbs::create),
          new Command(
              Verb.of("policies edit", Chapter.ACCOUNT, "Change a policy; the rest of it stays.")
                  .taking(POLICY)
                  .with(Option.one("--name", "NAME", "Call it so."), ALLOW, DENY, TYPE, TAG),
              PolicyVerbs::edit),
          new Command(
              Verb.of("policies delete", Chapter.ACCOUNT, "Delete a policy.").taking(POLICY),
              session -> {
                String id = id(session);
                session.cloud().send(Request.of("DELETE", "/v1/policies/{}", id));
                session.done(Json.object("id", id), id + " is deleted");
                return 0;
              }));

  private PolicyVerbs() {}

  private static int create(Session session) {
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put("name", session.arguments().word());
    changes(session.arguments(), policy);
    if (!policy.containsKey("effect")) {
      throw new UsageFailure("say what it is about: --allow ACTIONS or --deny ACTIONS");
    }
    String key = session.surroundings().idempotencyKey();
    session.show(POLICIES, session.cloud().json(Request.post(key, "/v1/policies").body(policy)));
    return 0;
  }

  private static int edit(Session session) {
    String id = id(session);
    Object changed =
        EditVerbs.change(
            session,
            "/v1/policies/" + id,
            "PUT",
            now -> {
              Map<String, Object> policy = new LinkedHashMap<>();
              for (String field : List.of("name", "effect", "actions", "types", "tags")) {
                Object value = Json.at(now, field);
                if (value != null) {
                  policy.put(field, value);
                }
              }
              session.arguments().text("--name").ifPresent(name -> policy.put("name", name));
              changes(session.arguments(), policy);
              return policy;
            });
    session.show(POLICIES, changed);
    return 0;
  }

  private static void changes(Arguments given, Map<String, Object> policy) {
    if (given.has("--allow") && given.has("--deny")) {
      throw new UsageFailure("a policy allows or denies: give --allow or --deny, not both");
    }
    for (String effect : List.of("allow", "deny")) {
      if (given.has("--" + effect)) {
        policy.put("effect", effect);
        policy.put("actions", given.list("--" + effect));
      }
    }
    if (given.has("--type")) {
      policy.put("types", given.list("--type"));
    }
    if (given.has("--tag")) {
      policy.put("tags", given.pairs("--tag"));
    }
  }

  private static String id(Session session) {
    String given = session.arguments().word();
    if (given.matches("pol-[0-9a-f]{17}")) {
      return given;
    }
    return Json.list(session.cloud().json(Request.get("/v1/policies")), "items").stream()
        .filter(policy -> Json.text(policy, "name").equals(given))
        .map(policy -> Json.text(policy, "id"))
        .findFirst()
        .orElseThrow(() ->
            new CommandFailure(
                ExitCode.REFUSED,
                "no policy is called '" + given + "': 'brume policies' lists them"));
  }
}
