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

  public static final Grammar GRAMMAR =
      new Grammar("brume", COMMANDS.values().stream().map(Command::verb).toList(), EVERYWHERE);

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
