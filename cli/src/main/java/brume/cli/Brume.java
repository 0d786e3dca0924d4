package brume.cli;

import brume.cli.grammar.Arguments;
import brume.cli.grammar.HelpPages;
import brume.cli.grammar.UsageFailure;
import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import brume.cli.process.Surroundings;
import brume.cli.show.Text;
import brume.cli.verbs.Session;
import brume.cli.verbs.Verbs;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/// The command line. Each run does one verb and ends with an exit code for scripts.
public final class Brume {
  private static final String VERSION = "brume 0.1.0";

  private Brume() {}

  /// Does what the arguments say; gives the exit code. Nothing that a user can do is thrown.
  public static int execute(Surroundings surroundings, String... typed) {
    List<String> words = typed.length == 0 ? List.of("help") : List.of(typed);
    if (words.getFirst().equals("-h") || words.getFirst().equals("--help")) {
      words = List.of("help");
    }
    if (words.equals(List.of("--version"))) {
      surroundings.out().println(VERSION);
      surroundings.out().flush();
      return 0;
    }
    try {
      int exit =
          words.getFirst().equals("complete")
              ? complete(surroundings, words.subList(1, words.size()))
              : verb(surroundings, Verbs.GRAMMAR.read(words));
      surroundings.out().flush();
      return exit;
    } catch (UsageFailure failure) {
      surroundings.err().println("brume: " + Text.visible(String.valueOf(failure.getMessage())));
      return ExitCode.USAGE;
    } catch (CommandFailure failure) {
      surroundings.out().flush();
      surroundings.err().println("brume: " + Text.visible(String.valueOf(failure.getMessage())));
      return failure.exitCode();
    }
  }

  private static int verb(Surroundings surroundings, Arguments arguments) {
    if (arguments.has("--help")) {
      surroundings.out().print(new HelpPages(Verbs.GRAMMAR).of(arguments.verb()));
      return 0;
    }
    try (Session session = new Session(surroundings, arguments)) {
      return Verbs.command(arguments.verb()).orElseThrow().action().run(session);
    }
  }

  /// For the scripts that complete words in shells.
  private static int complete(Surroundings surroundings, List<String> words) {
    Arguments none = Verbs.GRAMMAR.read(List.of("help"));
    try (Session session = new Session(surroundings, none)) {
      return Verbs.complete(session, words.isEmpty() ? words : words.subList(1, words.size()));
    }
  }

  /// @param arguments as typed; the script `brume` gives in `brume.terminals` which streams are
  ///   terminals
  public static void main(String[] arguments) {
    OutputStream bytes = new FileOutputStream(FileDescriptor.out);
    Surroundings surroundings =
        new Surroundings(
            System.in,
            new PrintWriter(bytes, false, StandardCharsets.UTF_8),
            bytes,
            new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
            System.getenv(),
            Clock.systemUTC(),
            new SecureRandom(),
            Surroundings.Terminals.of(System.getProperty("brume.terminals", "")),
            Thread::sleep);
    System.exit(execute(surroundings, arguments));
  }
}
