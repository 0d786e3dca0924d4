package brume.standalone;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `brume up`, `brume tour` and `brume migrate`: the commands that run a cloud and not talk to one.
@Command(
    name = "brume",
    subcommands = {Standalone.Up.class, Tour.class, Standalone.Migrate.class})
public final class Standalone {
  Standalone() {}

  /// Options of everything that starts a cloud.
  static final class CloudArguments {
    @Option(
        names = "--data",
        paramLabel = "FOLDER",
        defaultValue = "${env:BRUME_DATA:-.brume}",
        description = "Where everything is kept; ${DEFAULT-VALUE}.")
    Path data = Path.of(".brume");

    @Option(
        names = "--nodes",
        paramLabel = "N",
        defaultValue = "1",
        description = "How many node agents, 1 to 16; they share this machine.")
    int nodes;

    @Option(
        names = "--database",
        paramLabel = "URL",
        description =
            "postgresql://USER:PASSWORD@HOST:PORT/NAME of a PostgreSQL 18; without it one is"
                + " embedded.")
    @Nullable String database;

    /// Puts the log into the data folder; before anything logs.
    void openLog() {
      System.setProperty("brume.data", data.toString());
    }
  }

  @Command(
      name = "up",
      mixinStandardHelpOptions = true,
      description = "Run a cloud on this machine until Ctrl-C.")
  static final class Up implements Callable<Integer> {
    @Mixin CloudArguments arguments = new CloudArguments();

    @Option(
        names = "--port",
        paramLabel = "N",
        defaultValue = "8080",
        description = "Of the API; ${DEFAULT-VALUE}, 0 for any that is free.")
    int port;

    @Override
    public Integer call() throws InterruptedException {
      arguments.openLog();
      Progress progress = new Progress(System.out);
      GuestImage.prepare(progress, false);
      Cloud cloud =
          Cloud.on(
              new CloudOptions(
                  arguments.data, port, arguments.nodes, arguments.database, Map.of()));
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() ->
                  progress.step(
                      "Stopping; what runs is started again by the next 'up'",
                      () -> {
                        cloud.close();
                        return cloud;
                      })));
      progress.step("Starting the cloud on " + arguments.data, cloud::start);
      System.out.printf(
          """

          API         %s
          Token       %s
          Access key  %s
          Secret key  %s
          Nodes       %d

          Try, in another terminal:
            ./brume run --wait --name first
            ./brume console first
            ./brume invoice

          Ctrl-C stops it.
          """,
          cloud.url(),
          cloud.token(),
          cloud.accessKeyId(),
          cloud.secretAccessKey(),
          arguments.nodes);
      new CountDownLatch(1).await(); // until Ctrl-C
      return 0;
    }
  }

  @Command(
      name = "migrate",
      mixinStandardHelpOptions = true,
      description = "Bring an external database to the newest schema, and end.")
  static final class Migrate implements Callable<Integer> {
    @Option(names = "--database", paramLabel = "URL", required = true)
    String database = "";

    @Option(
        names = "--service-password",
        paramLabel = "PASSWORD",
        required = true,
        defaultValue = "${env:BRUME_DATABASE_PASSWORD}",
        description = "Given to the services' roles; else BRUME_DATABASE_PASSWORD.")
    String servicePassword = "";

    @Override
    public Integer call() {
      Database.migrate(database, servicePassword);
      System.out.println("The database is ready.");
      return 0;
    }
  }

  public static void main(String[] arguments) {
    // Before the first logger: the one logging set-up of all four contexts, see Cloud.
    System.setProperty("logback.configurationFile", "brume/standalone/logback.xml");
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    CommandLine line = new CommandLine(new Standalone());
    line.setExecutionExceptionHandler((failure, command, parsed) -> {
      if (failure instanceof StartFailure known) {
        System.err.println("brume: " + known.getMessage());
        return 1;
      }
      throw failure;
    });
    line.setParameterExceptionHandler((failure, given) -> {
      System.err.println("brume: " + failure.getMessage());
      System.err.println("See 'brume " + failure.getCommandLine().getCommandName() + " --help'.");
      return 2;
    });
    System.exit(line.execute(arguments));
  }
}
