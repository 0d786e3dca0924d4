package brume.cli.show;

import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import io.burt.jmespath.Expression;
import io.burt.jmespath.JmesPathException;
import io.burt.jmespath.jcf.JcfRuntime;
import org.jspecify.annotations.Nullable;

/// A JMESPath query on an answer. Apart from the rest, so that its library is loaded only when
/// asked for.
final class Query {
  private static final int LENGTH_MAX = 4096;

  private Query() {}

  /// Throws [CommandFailure] where it is no query, whatever it would be asked of.
  static void check(String query) {
    compiled(query);
  }

  /// Throws [CommandFailure] where the query is wrong.
  static @Nullable Object on(@Nullable Object value, String query) {
    Expression<Object> expression = compiled(query);
    try {
      return expression.search(value);
    } catch (JmesPathException e) {
      throw wrong(e);
    }
  }

  private static Expression<Object> compiled(String query) {
    if (query.length() > LENGTH_MAX) {
      throw new CommandFailure(
          ExitCode.USAGE, "--query must have at most " + LENGTH_MAX + " characters");
    }
    try {
      return new JcfRuntime().compile(query);
    } catch (JmesPathException e) {
      throw wrong(e);
    }
  }

  private static CommandFailure wrong(JmesPathException e) {
    return new CommandFailure(
        ExitCode.USAGE,
        "--query is no JMESPath that fits: "
            + Text.visible(String.valueOf(e.getMessage()))
            + "; see jmespath.org");
  }
}
