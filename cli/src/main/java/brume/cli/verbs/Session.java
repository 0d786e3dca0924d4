package brume.cli.verbs;

import brume.cli.cloud.Cloud;
import brume.cli.cloud.Endpoint;
import brume.cli.cloud.Profiles;
import brume.cli.grammar.Arguments;
import brume.cli.process.Surroundings;
import brume.cli.show.Column;
import brume.cli.show.Format;
import brume.cli.show.Printer;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One command as it runs: its arguments and what is around it. The cloud is looked for when it is
/// first needed, so that what needs none works without.
public final class Session implements AutoCloseable {
  private final Surroundings surroundings;
  private final Arguments arguments;
  private @Nullable Profiles profiles;
  private @Nullable Cloud cloud;
  private @Nullable Printer printer;

  public Session(Surroundings surroundings, Arguments arguments) {
    this.surroundings = surroundings;
    this.arguments = arguments;
  }

  public Surroundings surroundings() {
    return surroundings;
  }

  public Arguments arguments() {
    return arguments;
  }

  PrintWriter out() {
    return surroundings.out();
  }

  PrintWriter err() {
    return surroundings.err();
  }

  Profiles profiles() {
    Profiles known = profiles;
    if (known == null) {
      known = Profiles.read(Profiles.file(surroundings.environment()));
      if (known.othersMayRead()) {
        err().println("brume: others may read the tokens in " + known.file() + ": chmod 600 it");
      }
      profiles = known;
    }
    return known;
  }

  /// A command whose answer can't be printed as asked does nothing, so that is found out before.
  Cloud cloud() {
    Cloud known = cloud;
    if (known == null) {
      printer();
      Endpoint.Given given =
          new Endpoint.Given(
              arguments.text("--url").orElse(null),
              arguments.text("--token").orElse(null),
              arguments.text("--profile").orElse(null));
      known =
          new Cloud(Endpoint.find(given, surroundings.environment(), this::profiles), surroundings);
      cloud = known;
    }
    return known;
  }

  /// What is set with an option, in the environment, or in the profile in use; in this order.
  Optional<String> setting(String key) {
    String variable = "BRUME_" + key.replace('-', '_').toUpperCase(java.util.Locale.ROOT);
    return arguments
        .text("--" + key)
        .or(() -> Optional.ofNullable(surroundings.environment().get(variable)))
        .or(() ->
            profileName()
                .filter(name -> !name.equals(Endpoint.HERE))
                .map(name -> profiles().profile(name).get(key)));
  }

  Optional<String> profileName() {
    return arguments
        .text("--profile")
        .or(() -> Optional.ofNullable(surroundings.environment().get("BRUME_PROFILE")))
        .or(() -> profiles().inUse());
  }

  Printer printer() {
    Printer known = printer;
    if (known == null) {
      String format =
          setting("output")
              .map(given -> Arguments.chosen("--output", given, Format.NAMES))
              .orElse("table");
      known = new Printer(surroundings, Format.of(format), arguments.text("--query"));
      printer = known;
    }
    return known;
  }

  void show(List<Column> columns, @Nullable Object answer) {
    printer().print(columns, answer);
  }

  /// A remark for a person who watches; programs do not get it.
  void remark(String text) {
    if (printer().isForPeople() && surroundings.terminals().err()) {
      err().println(text);
    }
  }

  /// What happened, where the API answers nothing.
  void done(Map<String, Object> what, String said) {
    if (printer().isForPeople()) {
      out().println(said);
    } else {
      show(what.keySet().stream().map(key -> Column.of(key, key)).toList(), what);
    }
  }

  @Override
  public void close() {
    Cloud known = cloud;
    if (known != null) {
      known.close();
    }
  }
}
