package brume.cli.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All verbs, and the options that every verb takes. Reads what was typed:
///
/// - options may stand anywhere, as `--name VALUE`, `--name=VALUE`, `-o VALUE` or `-oVALUE`
/// - `--` ends them
/// - what is no option is a parameter of the verb
///
/// @param verbs those of two words beside one that is their first word alone
/// @param everywhere options of every verb
/// @param elsewhere what other programs say, to what is said here: only to suggest it
public record Grammar(
    String program, List<Verb> verbs, List<Option> everywhere, Map<String, String> elsewhere) {
  public Grammar {
    verbs = List.copyOf(verbs);
    everywhere = List.copyOf(everywhere);
    elsewhere = Map.copyOf(elsewhere);
  }

  public Optional<Verb> verb(String name) {
    return verbs.stream().filter(verb -> verb.name().equals(name)).findFirst();
  }

  /// The verbs under a first word: `tokens` and `tokens create`.
  public List<Verb> under(String first) {
    return verbs.stream()
        .filter(verb -> verb.name().equals(first) || verb.name().startsWith(first + " "))
        .toList();
  }

  /// Throws [UsageFailure] when no verb takes these.
  public Arguments read(List<String> typed) {
    Split split = split(typed);
    Verb verb = find(split.plain());
    int own = verb.isSubordinate() ? 2 : 1;
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (Given given : split.options()) {
      Option option = option(verb, given.name());
      List<String> all = values.computeIfAbsent(option.name(), _ -> new ArrayList<>());
      if (!all.isEmpty() && !option.repeated() && !option.isFlag()) {
        throw new UsageFailure(option.name() + " is given twice: it takes one value");
      }
      all.add(given.value());
    }
    List<String> words = new ArrayList<>(split.plain().subList(own, split.plain().size()));
    words.addAll(split.after());
    if (!values.containsKey("--help")) {
      checkCount(verb, words);
    }
    return new Arguments(verb, words, values);
  }

  private record Given(String name, String value) {}

  /// @param plain what stands before `--` and is no option nor the value of one
  /// @param after what stands behind `--`
  private record Split(List<String> plain, List<Given> options, List<String> after) {}

  private Split split(List<String> typed) {
    Split split = new Split(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int at = 0; at < typed.size(); at++) {
      String word = typed.get(at);
      if (word.equals("--")) {
        split.after().addAll(typed.subList(at + 1, typed.size()));
        break;
      }
      if (!word.startsWith("-") || word.equals("-")) {
        split.plain().add(word);
        continue;
      }
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      boolean joined = equals < 0 && !word.startsWith("--") && word.length() > 2;
      String name = equals > 0 ? word.substring(0, equals) : joined ? word.substring(0, 2) : word;
      boolean flag = isFlag(split.plain(), name);
      if (flag && (equals > 0 || joined)) {
        throw new UsageFailure(name + " takes no value: write it alone");
      }
      if (flag || equals > 0 || joined) {
        String value = equals > 0 ? word.substring(equals + 1) : joined ? word.substring(2) : "";
        split.options().add(new Given(name, value));
      } else {
        at++;
        if (at == typed.size()) {
          throw new UsageFailure(name + " needs a value");
        }
        split.options().add(new Given(name, typed.get(at)));
      }
    }
    return split;
  }

  /// Before the verb stands, only options of every verb are known.
  private boolean isFlag(List<String> plain, String name) {
    Verb verb = plain.isEmpty() ? null : find(plain);
    return option(verb, name).isFlag();
  }

  private Option option(@Nullable Verb verb, String name) {
    Optional<Option> own = verb == null ? Optional.empty() : verb.option(name);
    return own.or(() -> everywhere.stream().filter(o -> o.names().contains(name)).findFirst())
        .orElseThrow(() -> {
          List<String> known = new ArrayList<>();
          everywhere.forEach(option -> known.add(option.name()));
          if (verb != null) {
            verb.options().forEach(option -> known.add(option.name()));
          }
          String where = verb == null ? "" : " of '" + program + " " + verb.name() + "'";
          return new UsageFailure(
              name + " is no option" + where + Nearest.suggestion(name, known, ""));
        });
  }

  private Verb find(List<String> plain) {
    if (plain.isEmpty()) {
      throw new UsageFailure("say what to do: '" + program + " help' lists the verbs");
    }
    if (plain.size() > 1) {
      Optional<Verb> two = verb(plain.get(0) + " " + plain.get(1));
      if (two.isPresent()) {
        return two.get();
      }
    }
    return verb(plain.getFirst())
        .orElseThrow(() -> {
          Map<String, String> known = new TreeMap<>(elsewhere);
          verbs.stream().map(verb -> verb.name().split(" ")[0]).forEach(v -> known.put(v, v));
          return new UsageFailure(
              "'"
                  + plain.getFirst()
                  + "' is no verb of "
                  + program
                  + Nearest.suggestion(plain.getFirst(), known, ";")
                  + " '"
                  + program
                  + " help' lists them");
        });
  }

  private void checkCount(Verb verb, List<String> words) {
    int least = verb.parameters().stream().mapToInt(Parameter::least).sum();
    int most = verb.parameters().stream().mapToInt(Parameter::most).sum();
    if (words.size() < least) {
      Parameter missing = verb.parameters().getLast();
      int passed = 0;
      for (Parameter parameter : verb.parameters()) {
        passed += parameter.least();
        if (passed > words.size()) {
          missing = parameter;
          break;
        }
      }
      throw new UsageFailure(
          "'" + program + " " + verb.name() + "' needs " + missing.label() + ": " + missing.help());
    }
    if (words.size() > most) {
      String extra = words.get(most);
      List<String> second =
          under(verb.name()).stream()
              .filter(Verb::isSubordinate)
              .map(other -> other.name().split(" ")[1])
              .toList();
      String others = second.isEmpty() ? "" : " besides it there is " + String.join(", ", second);
      throw new UsageFailure(
          "'"
              + program
              + " "
              + verb.name()
              + "' does not take '"
              + extra
              + "'"
              + Nearest.suggestion(extra, second, others.isEmpty() ? "" : ";")
              + others);
    }
  }
}
