package brume.cli.verbs;

import brume.cli.grammar.Verb;

/// A verb with what it does.
public record Command(Verb verb, Action action) {
  /// Does it, and gives the exit code. Throws [CommandFailure][brume.cli.process.CommandFailure]
  /// where it can not go on.
  @FunctionalInterface
  public interface Action {
    int run(Session session);
  }
}
