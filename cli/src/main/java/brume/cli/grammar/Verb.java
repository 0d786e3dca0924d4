package brume.cli.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One thing that can be asked for: `ps`, or `tokens create`.
///
/// @param name one word, or two for what is done to a kind of thing
/// @param summary one line for the list of verbs
/// @param more what the verb's own help says besides; may be empty
/// @param examples whole lines as a person would type them
public record Verb(
    String name,
    Chapter chapter,
    String summary,
    String more,
    List<Parameter> parameters,
    List<Option> options,
    List<String> examples) {
  public Verb {
    parameters = List.copyOf(parameters);
    options = List.copyOf(options);
    examples = List.copyOf(examples);
  }

  public static Verb of(String name, Chapter chapter, String summary) {
    return new Verb(name, chapter, summary, "", List.of(), List.of(), List.of());
  }

  public Verb taking(Parameter... taken) {
    return new Verb(name, chapter, summary, more, List.of(taken), options, examples);
  }

  public Verb with(Option... added) {
    List<Option> all = new ArrayList<>(options);
    all.addAll(List.of(added));
    return new Verb(name, chapter, summary, more, parameters, all, examples);
  }

  public Verb saying(String text) {
    return new Verb(name, chapter, summary, text, parameters, options, examples);
  }

  public Verb like(String... lines) {
    return new Verb(name, chapter, summary, more, parameters, options, List.of(lines));
  }

  public boolean isSubordinate() {
    return name.indexOf(' ') > 0;
  }

  Optional<Option> option(String given) {
    return options.stream().filter(option -> option.names().contains(given)).findFirst();
  }
}
