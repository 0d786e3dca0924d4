package brume.cli.verbs;

import brume.cli.cloud.Answer;
import brume.cli.cloud.Json;
import brume.cli.cloud.Refusal;
import brume.cli.cloud.Request;
import brume.cli.grammar.Arguments;
import brume.cli.grammar.Chapter;
import brume.cli.grammar.Fill;
import brume.cli.grammar.Option;
import brume.cli.grammar.Parameter;
import brume.cli.grammar.UsageFailure;
import brume.cli.grammar.Verb;
import brume.cli.show.Column;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Changing what was asked of an instance. What depends on how it is now, such as one tag among
/// others, is decided on an answer and sent with that answer's ETag; where somebody else was
/// faster, it is looked at and decided again.
final class EditVerbs {
  private static final int ATTEMPTS_MAX = 5;
  private static final int PRECONDITION_FAILED = 412;

  private static final List<Column> TAGS =
      List.of(Column.of("INSTANCE", "id"), Column.of("NAME", "name"), Column.of("TAGS", "tags"));

  static final List<Command> COMMANDS =
      List.of(
          new Command(
              Verb.of("edit", Chapter.INSTANCES, "Change an instance's name, type or protection.")
                  .saying("The type can be changed while the instance is stopped.")
                  .taking(InstanceVerbs.INSTANCE)
                  .with(
                      Option.one("--name", "NAME", "Call it so."),
                      Option.one("--type", "TYPE", "Give it this size.").filled(Fill.Known.TYPES),
                      Option.one("--protect", "on|off", "Whether terminating it is refused.")
                          .filled(Fill.words("on", "off")))
                  .like("brume edit web --type e1.large"),
              EditVerbs::edit),
          new Command(
              Verb.of("tag", Chapter.INSTANCES, "Set tags of an instance, or take some off.")
                  .taking(InstanceVerbs.INSTANCE, Parameter.any("KEY=VALUE", "Tags to set."))
                  .with(Option.many("--remove", "KEY", "Take this tag off."))
                  .like("brume tag web team=red env=prod --remove draft"),
              EditVerbs::tag),
          new Command(
              Verb.of(
                      "protect",
                      Chapter.INSTANCES,
                      "Refuse to terminate instances until this is taken off.")
                  .taking(InstanceVerbs.INSTANCES)
                  .with(Option.flag("--off", "Take it off."))
                  .like("brume protect database", "brume protect database --off"),
              EditVerbs::protect));

  private EditVerbs() {}

  private static int edit(Session session) {
    Arguments given = session.arguments();
    Map<String, Object> change = new LinkedHashMap<>();
    given.text("--name").ifPresent(name -> change.put("name", name));
    given.text("--type").ifPresent(type -> change.put("type", type));
    given
        .choice("--protect", List.of("on", "off"))
        .ifPresent(on -> change.put("terminationProtected", on.equals("on")));
    if (change.isEmpty()) {
      throw new UsageFailure("nothing to change: give --name, --type or --protect");
    }
    String path = path(Instances.id(session, given.word()));
    session.show(
        Instances.COLUMNS, List.of(session.cloud().json(Request.of("PATCH", path).body(change))));
    return 0;
  }

  private static int protect(Session session) {
    boolean on = !session.arguments().has("--off");
    List<Object> changed = new ArrayList<>();
    for (String id : Instances.ids(session)) {
      changed.add(
          session
              .cloud()
              .json(Request.of("PATCH", path(id)).body(Json.object("terminationProtected", on))));
    }
    session.show(Instances.COLUMNS, changed);
    return 0;
  }

  private static int tag(Session session) {
    List<String> words = session.arguments().words();
    Map<String, String> set = Arguments.pairs("a tag", words.subList(1, words.size()));
    List<String> removed = session.arguments().texts("--remove");
    if (set.isEmpty() && removed.isEmpty()) {
      throw new UsageFailure("nothing to change: give KEY=VALUE, or --remove KEY");
    }
    Object changed =
        change(
            session,
            path(Instances.id(session, session.arguments().word())),
            "PATCH",
            instance -> {
              Map<String, Object> tags = new LinkedHashMap<>();
              if (Json.at(instance, "tags") instanceof Map<?, ?> now) {
                now.forEach((key, value) -> tags.put(String.valueOf(key), String.valueOf(value)));
              }
              removed.forEach(tags::remove);
              tags.putAll(set);
              return Json.object("tags", tags);
            });
    session.show(TAGS, changed);
    return 0;
  }

  /// Sends what `decide` makes of the thing as it is now, and again where it was changed meanwhile.
  static Object change(
      Session session, String path, String method, Function<Object, Map<String, Object>> decide) {
    for (int attempt = 1; ; attempt++) {
      Answer now = session.cloud().send(Request.get(path));
      Request change = Request.of(method, path).body(decide.apply(session.cloud().json(now)));
      try {
        return session
            .cloud()
            .json(now.header("etag").map(tag -> change.header("If-Match", tag)).orElse(change));
      } catch (Refusal refusal) {
        if (refusal.status() != PRECONDITION_FAILED || attempt == ATTEMPTS_MAX) {
          throw refusal;
        }
      }
    }
  }

  private static String path(String id) {
    return "/v1/instances/" + id;
  }
}
