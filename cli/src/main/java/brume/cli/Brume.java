package brume.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// The root of the command line.
@Command(
    name = "brume",
    description = "Run machines, and pay for the seconds they run.",
    mixinStandardHelpOptions = true,
    version = "brume 0.1.0",
    sortOptions = false,
    footerHeading = "%nOf the cloud itself:%n",
    footer = {
      "  up         run a cloud on this machine, in the foreground",
      "  tour       see all of it once: a guest's launch, console and invoice",
      "  test       run the project's tests",
      "  migrate    bring an external database to the newest schema",
      "  vm         run one guest by itself, without a cloud",
      "  bench      measure, and print each figure beside its aim",
      "",
      "Exit codes: 0 done, 1 refused, 2 wrong usage, 3 no answer from the cloud,",
      "4 waited too long."
    },
    subcommands = {
      RunCommand.class,
      PsCommand.class,
      ShowCommand.class,
      StopCommand.class,
      StartCommand.class,
      RebootCommand.class,
      TerminateCommand.class,
      ConsoleCommand.class,
      TypesCommand.class,
      ImagesCommand.class,
      NodesCommand.class,
      InvoiceCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Brume implements Runnable {
  @Option(
      names = "--url",
      paramLabel = "URL",
      scope = CommandLine.ScopeType.INHERIT,
      description = "The cloud's address; else BRUME_URL, else the cloud that runs here.")
  @Nullable String url;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      scope = CommandLine.ScopeType.INHERIT,
      description = "Who you are; else BRUME_TOKEN, else the first account of the cloud here.")
  @Nullable String token;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      scope = CommandLine.ScopeType.INHERIT,
      description = "How to print: ${COMPLETION-CANDIDATES}.")
  Format output = Format.table;

  /// The names are what users type.
  enum Format {
    table,
    json
  }

  private final Surroundings surroundings;
  private @Nullable Connection connection;

  private Brume(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// The whole command line, ready to execute arguments.
  public static CommandLine commandLine(Surroundings surroundings) {
    CommandLine line = new CommandLine(new Brume(surroundings));
    line.setOut(surroundings.out());
    line.setErr(surroundings.err());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(Brume::usage);
    line.setExecutionExceptionHandler((failure, command, parsed) -> {
      if (failure instanceof CommandFailure known) {
        surroundings.err().println("brume: " + known.getMessage());
        return known.exitCode();
      }
      throw failure;
    });
    return line;
  }

  private static int usage(ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    command.getErr().println("brume: " + failure.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(failure, command.getErr());
    command.getErr().println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  @Override
  public void run() {
    new CommandLine(this).usage(surroundings.out());
  }

  Connection connection() {
    Connection known = connection;
    if (known == null) {
      known = Connection.find(this, surroundings);
      connection = known;
    }
    return known;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  PrintWriter out() {
    return surroundings.out();
  }

  boolean json() {
    return output == Format.json;
  }

  void printJson(Object value) {
    try {
      out().println(connection().json().writerWithDefaultPrettyPrinter().writeValueAsString(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an answer of the API can not be printed", e);
    }
  }

  /// A key for one thing that the user wants done, so that asking again does it once.
  String idempotencyKey() {
    return "cli-"
        + Long.toHexString(surroundings.random().nextLong())
        + Long.toHexString(surroundings.random().nextLong());
  }

  public static void main(String[] arguments) {
    // A console is a tty only when both ends are; progress lines matter only where people look.
    Console console = System.console();
    boolean terminal = Objects.nonNull(console) && console.isTerminal();
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    Surroundings surroundings =
        new Surroundings(
            out, err, System.getenv(), Clock.systemUTC(), new SecureRandom(), terminal);
    int exit = commandLine(surroundings).execute(arguments);
    out.flush();
    System.exit(exit);
  }
}
