package brume.cli.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The arguments of one command, read by its verb. Values are asked for by an option's long name.
public final class Arguments {
  private final Verb verb;
  private final List<String> words;
  private final Map<String, List<String>> values;

  Arguments(Verb verb, List<String> words, Map<String, List<String>> values) {
    this.verb = verb;
    this.words = List.copyOf(words);
    this.values = values;
  }

  public Verb verb() {
    return verb;
  }

  public List<String> words() {
    return words;
  }

  /// The first parameter; only for verbs that must have one.
  public String word() {
    return words.getFirst();
  }

  public boolean has(String option) {
    return values.containsKey(option);
  }

  public Optional<String> text(String option) {
    return texts(option).stream().findFirst();
  }

  public List<String> texts(String option) {
    return values.getOrDefault(option, List.of());
  }

  public Optional<Long> number(String option, long least, long most) {
    return text(option)
        .map(given -> {
          try {
            long number = Long.parseLong(given);
            if (number >= least && number <= most) {
              return number;
            }
          } catch (NumberFormatException e) {
            // told below, with the limits
          }
          throw new UsageFailure(
              option
                  + " must be a whole number from "
                  + least
                  + " to "
                  + most
                  + ", not '"
                  + given
                  + "'");
        });
  }

  /// One of some words, in lower case.
  public Optional<String> choice(String option, List<String> choices) {
    return text(option).map(given -> chosen(option, given, choices));
  }

  public static String chosen(String option, String given, List<String> choices) {
    if (!choices.contains(given)) {
      throw new UsageFailure(
          option + " must be one of " + String.join(", ", choices) + ", not '" + given + "'");
    }
    return given;
  }

  /// The values of a repeated option that are `KEY=VALUE`.
  public Map<String, String> pairs(String option) {
    return pairs(option, texts(option));
  }

  public static Map<String, String> pairs(String what, List<String> given) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : given) {
      int equals = pair.indexOf('=');
      if (equals < 1) {
        throw new UsageFailure(what + " must look like KEY=VALUE, not '" + pair + "'");
      }
      String key = pair.substring(0, equals);
      if (pairs.put(key, pair.substring(equals + 1)) != null) {
        throw new UsageFailure(what + " names '" + key + "' twice: give it once");
      }
    }
    return pairs;
  }

  /// The values of an option that takes lists, given several times, parted by commas, or both.
  public List<String> list(String option) {
    List<String> all = new ArrayList<>();
    for (String given : texts(option)) {
      for (String part : given.split(",")) {
        if (!part.isBlank()) {
          all.add(part.strip());
        }
      }
    }
    return all;
  }
}
