package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.cloud.Request;
import brume.cli.grammar.Arguments;
import brume.cli.grammar.Chapter;
import brume.cli.grammar.Completion;
import brume.cli.grammar.Fill;
import brume.cli.grammar.Grammar;
import brume.cli.grammar.HelpPages;
import brume.cli.grammar.Parameter;
import brume.cli.grammar.UsageFailure;
import brume.cli.grammar.Verb;
import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import brume.cli.show.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/// Help, and completion in shells: a script asks `brume complete` at each TAB, so that what it
/// offers is what this version takes, and names that the cloud has now.
final class ShellVerbs {
  private static final List<String> SHELLS = List.of("bash", "zsh");
  private static final int NAMES_MAX = 200;

  static final String HEADLINE = "Brume: run machines, and pay for the seconds they run.";
  static final List<String> CLOSING =
      List.of(
          "Which cloud: --url and --token, else BRUME_URL and BRUME_TOKEN, else the profile",
          "(--profile, BRUME_PROFILE, 'brume config use'), else the cloud on this machine.",
          "",
          "Exit codes: 0 done; 1 refused; 2 wrong usage; 3 no answer from the cloud;",
          "4 waited too long; 130 interrupted.",
          "",
          "'brume help VERB' explains one, 'brume completion bash' completes them.");

  static final List<Command> COMMANDS =
      List.of(
          new Command(
              Verb.of("help", Chapter.HERE, "This list, or what one verb takes.")
                  .taking(Parameter.any("VERB", "The verb.")),
              ShellVerbs::help),
          new Command(
              Verb.of("completion", Chapter.HERE, "A script that completes verbs in your shell.")
                  .taking(Parameter.one("SHELL", "bash or zsh.").filled(new Fill.Words(SHELLS)))
                  .like(
                      "eval \"$(brume completion bash)\"    # in ~/.bashrc",
                      "eval \"$(brume completion zsh)\"     # in ~/.zshrc, after compinit"),
              ShellVerbs::script));

  private ShellVerbs() {}

  private static int help(Session session) {
    List<String> words = session.arguments().words();
    HelpPages pages = new HelpPages(Verbs.GRAMMAR);
    String page;
    if (words.isEmpty()) {
      page = pages.all(HEADLINE, CLOSING);
    } else {
      Verb verb =
          Verbs.GRAMMAR.read(Stream.concat(words.stream(), Stream.of("--help")).toList()).verb();
      page = pages.of(verb);
    }
    session.out().print(page);
    session.out().flush();
    return 0;
  }

  private static int script(Session session) {
    String shell = Arguments.chosen("SHELL", session.arguments().word(), SHELLS);
    try (InputStream script = ShellVerbs.class.getResourceAsStream("completion." + shell)) {
      if (script == null) {
        throw new UsageFailure("there is no completion for " + shell);
      }
      session.out().print(new String(script.readAllBytes(), StandardCharsets.UTF_8));
      session.out().flush();
      return 0;
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.REFUSED, "the script can not be read");
    }
  }

  /// `brume complete -- WORD…`: a line for each word that fits, with what it is behind a tab. A
  /// file's name is for the shell to complete, which the line `@files` asks of it.
  static int complete(Session session, List<String> words) {
    Grammar grammar = Verbs.GRAMMAR;
    Completion.Choices choices = new Completion(grammar).after(words);
    choices
        .candidates()
        .forEach(candidate ->
            session
                .out()
                .println(
                    candidate.about().isEmpty()
                        ? candidate.word()
                        : candidate.word() + "\t" + candidate.about()));
    if (choices.fill() == Fill.Known.FILES) {
      session.out().println("@files");
    } else if (choices.fill() instanceof Fill.Known known) {
      String typed = words.isEmpty() ? "" : words.getLast();
      try {
        names(session, known)
            .filter(name -> name.startsWith(typed) && name.equals(Text.visible(name)))
            .distinct()
            .limit(NAMES_MAX)
            .forEach(name -> session.out().println(name));
      } catch (CommandFailure e) {
        // a cloud that is away has no names; TAB is no place to say so
      }
    }
    session.out().flush();
    return 0;
  }

  private static Stream<String> names(Session session, Fill.Known known) {
    return switch (known) {
      case FILES -> Stream.empty();
      case PROFILES -> Stream.concat(Stream.of("here"), session.profiles().names().stream());
      case INSTANCES ->
          items(session, "/v1/instances?state=running&state=pending&state=stopping&state=stopped")
              .flatMap(found -> Stream.of(Json.text(found, "name"), Json.text(found, "id")))
              .filter(name -> !name.isEmpty());
      case IMAGES -> items(session, "/v1/images").map(found -> Json.text(found, "name"));
      case TYPES -> items(session, "/v1/instance-types").map(found -> Json.text(found, "name"));
    };
  }

  /// The first page is enough to choose from.
  private static Stream<?> items(Session session, String path) {
    return Json.list(session.cloud().json(Request.get(path)), "items").stream();
  }

  /// The verbs of the script `brume`, which start a cloud or measure one and are not done here.
  static List<Command> local() {
    return List.of(
        local("up", "Run a cloud on this machine, in the foreground."),
        local("tour", "See all of it once: a guest's launch, console and invoice."),
        local("test", "Run the project's tests."),
        local("migrate", "Bring an external database to the newest schema."),
        local("vm", "Run one guest by itself, without a cloud."),
        local("bench", "Measure, and print each figure beside its aim."));
  }

  private static Command local(String name, String summary) {
    return new Command(
        Verb.of(name, Chapter.CLOUD, summary).saying("'brume " + name + " --help' says more."),
        _ -> {
          throw new CommandFailure(
              ExitCode.USAGE, "'" + name + "' is done by the script 'brume': run it from there");
        });
  }
}
