package brume.cli.verbs;

import brume.cli.cloud.Answer;
import brume.cli.cloud.Json;
import brume.cli.cloud.Request;
import brume.cli.grammar.Arguments;
import brume.cli.grammar.Chapter;
import brume.cli.grammar.Option;
import brume.cli.grammar.UsageFailure;
import brume.cli.grammar.Verb;
import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import brume.cli.process.Surroundings;
import brume.cli.process.Terminal;
import brume.cli.serial.CursorQuestions;
import brume.cli.serial.DetachKey;
import brume.cli.serial.SerialSession;
import brume.cli.serial.SerialSession.End;
import brume.cli.serial.SerialSession.Outcome;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// `brume console`: on a terminal a conversation with the guest, otherwise what it has printed.
final class ConsoleVerb {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(300);
  private static final long SECONDS_MAX = 86_400;
  private static final long SIZE_SECONDS = 2;

  /// A WebSocket that ends without a word (RFC 6455 §7.4.1).
  private static final int CUT_OFF = 1006;

  /// After the end of what is piped in, for the answer to its last line.
  private static final long LAST_ANSWER_SECONDS = 2;

  static final Command COMMAND =
      new Command(
          Verb.of(
                  "console",
                  Chapter.INSTANCES,
                  "The guest's serial console, to read or to type in.")
              .saying(
                  "On a terminal it is interactive: what you type goes to the guest, Ctrl-] leaves."
                      + " In a pipe it prints what the guest has printed so far; with -i it sends"
                      + " what is piped in and prints what comes back.")
              .taking(InstanceVerbs.INSTANCE)
              .with(
                  Option.flag(
                      "-f, --follow", "Print what was printed and what comes, type nothing."),
                  Option.flag("-t, --text", "Print what was printed so far, also on a terminal."),
                  Option.flag("-i, --interactive", "Send the input, also in a pipe."),
                  Option.one("--until", "TEXT", "With -i: end when the guest has printed this."),
                  Option.one(
                      "--timeout",
                      "SECONDS",
                      "With -i: end after so long; else 2 s after the input's end, or with --until"
                          + " 60 s after it."),
                  Option.one(
                      "--detach-key",
                      "KEY",
                      "Leaves the console: ctrl-] by default, none for none."))
              .like(
                  "brume console web",
                  "brume console web --follow | grep -m 1 ready",
                  "echo 'uname -a' | brume console web -i --until GNU/Linux"),
          ConsoleVerb::run);

  private ConsoleVerb() {}

  private static int run(Session session) {
    Arguments given = session.arguments();
    boolean reads = given.has("--follow") || given.has("--text");
    if (reads && given.has("--interactive")) {
      throw new UsageFailure("--interactive does not go with --follow or --text: give one");
    }
    Surroundings.Terminals terminals = session.surroundings().terminals();
    boolean terminal = terminals.in() && terminals.out();
    String id = Instances.id(session, given.word());
    return given.has("--interactive") || (terminal && !reads)
        ? new Conversation(session, id, terminal).run()
        : print(session, id, given.has("--follow"));
  }

  private static int print(Session session, String id, boolean follow) {
    CursorQuestions questions = new CursorQuestions();
    String from = "0";
    String epoch = "";
    while (true) {
      Request request = Request.get("/v1/instances/{}/console", id);
      boolean begins = from.equals("0");
      Answer part = session.cloud().text(begins ? request : request.with("from", from));
      String started = part.header("x-console-epoch").orElse(epoch);
      if (!begins && !started.equals(epoch)) {
        from = "0"; // started anew: its console begins anew
        epoch = started;
        continue;
      }
      epoch = started;
      byte[] shown = questions.without(part.text().getBytes(StandardCharsets.UTF_8));
      session.out().print(new String(shown, StandardCharsets.UTF_8));
      session.out().flush();
      String next = part.header("x-console-next").orElse(from);
      boolean nothingNew = next.equals(from);
      from = next;
      if (!follow || (nothingNew && hasEnded(session, id))) {
        return 0;
      }
      if (nothingNew) {
        session.surroundings().sleep(LOOK_AGAIN);
      }
    }
  }

  private static boolean hasEnded(Session session, String id) {
    String state = Json.text(session.cloud().json(Request.get("/v1/instances/{}", id)), "state");
    return state.equals("stopped") || state.equals("terminated");
  }

  /// One interactive session, from its opening to what is said about its end.
  private static final class Conversation {
    private final Session session;
    private final String id;
    private final boolean terminal;
    private final DetachKey detach;
    private final Optional<String> until;
    private final Optional<Long> timeout;
    private final SerialSession serial;

    Conversation(Session session, String id, boolean terminal) {
      Arguments given = session.arguments();
      this.session = session;
      this.id = id;
      this.terminal = terminal;
      // In a pipe every byte is the guest's.
      this.detach =
          terminal
              ? session.setting("detach-key").map(DetachKey::of).orElse(DetachKey.DEFAULT)
              : DetachKey.of("none");
      this.until = given.text("--until");
      this.timeout = given.number("--timeout", 1, SECONDS_MAX);
      if (until.isPresent() && until.get().isEmpty()) {
        throw new UsageFailure("--until must be a text, not an empty one");
      }
      this.serial = new SerialSession(session.surroundings().bytes(), until);
    }

    int run() {
      try {
        session.cloud().open("/v1/instances/" + id + "/serial", serial).join();
      } catch (CompletionException e) {
        throw refused(e.getCause());
      }
      try {
        return terminal ? onTerminal() : inPipe();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailure(ExitCode.REFUSED, "interrupted");
      }
    }

    private int onTerminal() throws InterruptedException {
      session
          .err()
          .println(
              "Connected to "
                  + session.arguments().word()
                  + "; "
                  + detach.shown()
                  + " leaves, Enter may show its prompt.");
      Outcome outcome;
      try (Terminal _ = Terminal.raw()) {
        Thread keyboard =
            Thread.ofPlatform()
                .daemon()
                .name("keyboard")
                .start(() -> {
                  if (serial.type(session.surroundings().in(), detach)) {
                    serial.close(End.DETACHED); // the terminal is gone
                  }
                });
        outcome = follow(keyboard);
      }
      session.err().println();
      return told(outcome);
    }

    private Outcome follow(Thread keyboard) throws InterruptedException {
      Optional<Terminal.Size> known = Optional.empty();
      long waited = 0;
      while (true) {
        Optional<Terminal.Size> size = Terminal.size();
        if (!size.equals(known)) {
          size.ifPresent(now -> serial.resize(now.columns(), now.rows()));
          known = size;
        }
        Optional<Outcome> outcome = serial.await(SIZE_SECONDS);
        waited += SIZE_SECONDS;
        if (outcome.isPresent()) {
          keyboard.interrupt();
          serial.close(outcome.get().end());
          return outcome.get();
        }
        if (timeout.isPresent() && waited >= timeout.get()) {
          return serial.close(End.TIME_OVER);
        }
      }
    }

    private int inPipe() throws InterruptedException {
      Thread keyboard =
          Thread.ofPlatform()
              .daemon()
              .name("input")
              .start(() -> serial.type(session.surroundings().in(), detach));
      Optional<Outcome> outcome;
      if (timeout.isPresent()) {
        outcome = serial.await(timeout.get());
      } else {
        outcome = Optional.empty();
        while (outcome.isEmpty() && keyboard.isAlive()) {
          outcome = serial.await(1);
        }
        if (outcome.isEmpty()) {
          outcome = serial.await(until.isPresent() ? 60 : LAST_ANSWER_SECONDS);
        }
      }
      return told(serial.close(outcome.map(Outcome::end).orElse(End.TIME_OVER)));
    }

    private int told(Outcome outcome) {
      return switch (outcome.end()) {
        case DETACHED -> {
          session.err().println("Left " + session.arguments().word() + "; it goes on.");
          yield 0;
        }
        case FOUND -> 0;
        case TIME_OVER -> {
          if (until.isPresent()) {
            throw new CommandFailure(
                ExitCode.WAITED_TOO_LONG, "the guest has not printed '" + until.get() + "'");
          }
          yield 0;
        }
        case ENDED -> {
          if (terminal) {
            session.err().println("The console ended" + because(outcome) + ".");
          }
          if (until.isPresent()) {
            throw new CommandFailure(
                ExitCode.REFUSED,
                "the console ended before '" + until.get() + "' came" + because(outcome));
          }
          yield 0;
        }
        case CUT ->
            throw new CommandFailure(code(outcome.code()), "the console was cut" + why(outcome));
      };
    }

    private static String because(Outcome outcome) {
      return outcome.reason().isEmpty() ? "" : ": " + outcome.reason();
    }

    /// The codes that the contract gives the serial console.
    private static String why(Outcome outcome) {
      return switch (outcome.code()) {
        case CUT_OFF -> ": the connection broke";
        case 4403 -> ": you may not, or no longer";
        case 4404 -> ": the instance has no running guest";
        case 4408 -> ": nothing was typed or printed for too long";
        case 4429 -> ": too many consoles are open; close one";
        default -> because(outcome);
      };
    }

    private static int code(int closed) {
      return closed >= 4400 && closed < 4500 ? ExitCode.REFUSED : ExitCode.UNREACHABLE;
    }

    private CommandFailure refused(@Nullable Throwable cause) {
      if (cause instanceof WebSocketHandshakeException handshake) {
        // The upgrade's refusal carries no body: what the guest printed tells the same, in words.
        session.cloud().json(Request.get("/v1/instances/{}", id));
        return new CommandFailure(
            ExitCode.REFUSED,
            "the console can not be opened (HTTP "
                + handshake.getResponse().statusCode()
                + "): the instance may not be running; --text prints what it has printed");
      }
      return new CommandFailure(
          ExitCode.UNREACHABLE,
          session.cloud().url()
              + " does not answer: is the cloud up ('brume up'), and is the address right?");
    }
  }
}
