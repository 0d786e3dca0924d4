package brume.cli.show;

import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import io.burt.jmespath.JmesPath;
import io.burt.jmespath.JmesPathException;
import io.burt.jmespath.jcf.JcfRuntime;
import org.jspecify.annotations.Nullable;

/// A JMESPath query on an answer. Apart from the rest, so that its library is loaded only when
/// asked for.
final class Query {
  private static final int LENGTH_MAX = 4096;

  private Query() {}

  /// Throws [CommandFailure] where the query is wrong.
  static @Nullable Object on(@Nullable Object value, String query) {
    if (query.length() > LENGTH_MAX) {
      throw new CommandFailure(
          ExitCode.USAGE, "--query must have at most " + LENGTH_MAX + " characters");
    }
    JmesPath<Object> runtime = new JcfRuntime();
    try {
      return runtime.compile(query).search(value);
    } catch (JmesPathException e) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--query is no JMESPath that fits: "
              + Text.visible(String.valueOf(e.getMessage()))
              + "; see jmespath.org");
    }
  }
}
