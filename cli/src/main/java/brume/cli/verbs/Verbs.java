package brume.cli.verbs;

import brume.cli.grammar.Fill;
import brume.cli.grammar.Grammar;
import brume.cli.grammar.Option;
import brume.cli.grammar.Verb;
import brume.cli.show.Format;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// All verbs in the order of the help, and the options that each of them takes.
public final class Verbs {
  private static final List<Option> EVERYWHERE =
      List.of(
          Option.one(
                  "-o, --output",
                  "FORMAT",
                  "How to print: " + String.join(", ", Format.NAMES) + "; table by default.")
              .filled(new Fill.Words(Format.NAMES)),
          Option.one("--query", "JMESPATH", "Only this of the answer: \"[?state=='running'].id\"."),
          Option.one("--profile", "NAME", "Use this profile: 'brume config'.")
              .filled(Fill.Known.PROFILES),
          Option.one("--url", "URL", "The cloud's address."),
          Option.one("--token", "TOKEN", "Who you are; seen by whoever may list processes."),
          Option.flag("-h, --help", "What the verb takes."));

  private static final Map<String, Command> COMMANDS = commands();

  /// Who comes from another command line, or from a shell, types these first.
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("launch", "run"),
          Map.entry("create", "run"),
          Map.entry("list", "ps"),
          Map.entry("ls", "ps"),
          Map.entry("instances", "ps"),
          Map.entry("describe", "show"),
          Map.entry("inspect", "show"),
          Map.entry("get", "show"),
          Map.entry("delete", "terminate"),
          Map.entry("destroy", "terminate"),
          Map.entry("kill", "terminate"),
          Map.entry("rm", "terminate"),
          Map.entry("restart", "reboot"),
          Map.entry("logs", "console"),
          Map.entry("ssh", "console"),
          Map.entry("attach", "console"),
          Map.entry("resize", "edit"),
          Map.entry("rename", "edit"),
          Map.entry("configure", "config"),
          Map.entry("version", "--version"));

  public static final Grammar GRAMMAR =
      new Grammar(
          "brume", COMMANDS.values().stream().map(Command::verb).toList(), EVERYWHERE, ELSEWHERE);

  private Verbs() {}

  private static Map<String, Command> commands() {
    Map<String, Command> commands = new LinkedHashMap<>();
    Stream.of(
            List.of(RunVerb.COMMAND),
            InstanceVerbs.COMMANDS,
            EditVerbs.COMMANDS,
            List.of(ConsoleVerb.COMMAND, EventsVerb.COMMAND),
            CatalogVerbs.COMMANDS,
            AccountVerbs.COMMANDS,
            CredentialVerbs.COMMANDS,
            UserVerbs.COMMANDS,
            PolicyVerbs.COMMANDS,
            List.of(AuditVerb.COMMAND),
            BillingVerbs.COMMANDS,
            InvoiceVerbs.COMMANDS,
            ExplainVerbs.COMMANDS,
            SpendingVerbs.COMMANDS,
            PriceVerbs.COMMANDS,
            MonthVerbs.COMMANDS,
            OperatorVerbs.COMMANDS,
            ProfileVerbs.COMMANDS,
            ShellVerbs.COMMANDS,
            ShellVerbs.local())
        .flatMap(List::stream)
        .forEach(command -> commands.put(command.verb().name(), command));
    return commands;
  }

  public static Optional<Command> command(Verb verb) {
    return Optional.ofNullable(COMMANDS.get(verb.name()));
  }

  /// What may be typed after these words: for the shells' scripts.
  public static int complete(Session session, List<String> words) {
    return ShellVerbs.complete(session, words);
  }
}
