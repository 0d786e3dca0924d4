package brume.cli.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What may be typed next. Answers what it knows itself, and names what others must look up.
public final class Completion {
  private final Grammar grammar;

  public Completion(Grammar grammar) {
    this.grammar = grammar;
  }

  /// A word, and what it is.
  public record Candidate(String word, String about) {}

  /// What fits here.
  ///
  /// @param fill what the caller must look up besides; the candidates are already those that fit
  public record Choices(List<Candidate> candidates, Fill fill) {
    public Choices {
      candidates = List.copyOf(candidates);
    }
  }

  /// @param words after the program's name; the last one is being typed and may be empty
  public Choices after(List<String> words) {
    String typed = words.isEmpty() ? "" : words.getLast();
    List<String> before = words.isEmpty() ? List.of() : words.subList(0, words.size() - 1);
    List<String> plain = new ArrayList<>();
    for (int at = 0; at < before.size(); at++) {
      String word = before.get(at);
      if (!word.startsWith("-")) {
        plain.add(word);
        continue;
      }
      Optional<Option> option = option(verb(plain), word);
      if (option.isPresent() && !option.get().isFlag()) {
        at++;
        if (at == before.size()) {
          return new Choices(fitting(option.get().fill(), typed), option.get().fill());
        }
      }
    }
    Optional<Verb> verb = verb(plain);
    if (typed.startsWith("-")) {
      return new Choices(options(verb, typed), Fill.NOTHING);
    }
    List<Candidate> candidates = new ArrayList<>(verbs(plain, typed));
    Fill fill = Fill.NOTHING;
    if (verb.isPresent()) {
      int own = verb.get().isSubordinate() ? 2 : 1;
      fill = parameter(verb.get(), plain.size() - own).map(Parameter::fill).orElse(Fill.NOTHING);
      candidates.addAll(fitting(fill, typed));
    }
    return new Choices(candidates, fill);
  }

  private static Optional<Parameter> parameter(Verb verb, int index) {
    int passed = 0;
    for (Parameter parameter : verb.parameters()) {
      passed += parameter.most();
      if (index < passed) {
        return Optional.of(parameter);
      }
    }
    return Optional.empty();
  }

  private static List<Candidate> fitting(Fill fill, String typed) {
    return fill instanceof Fill.Words(List<String> words)
        ? words.stream()
            .filter(word -> word.startsWith(typed))
            .map(word -> new Candidate(word, ""))
            .toList()
        : List.of();
  }

  private Optional<Verb> verb(List<String> plain) {
    Optional<Verb> two =
        plain.size() > 1 ? grammar.verb(plain.get(0) + " " + plain.get(1)) : Optional.empty();
    return two.isPresent() || plain.isEmpty() ? two : grammar.verb(plain.getFirst());
  }

  private Optional<Option> option(Optional<Verb> verb, String name) {
    return options(verb).filter(option -> option.names().contains(name)).findFirst();
  }

  private Stream<Option> options(Optional<Verb> verb) {
    return Stream.concat(
        verb.stream().flatMap(known -> known.options().stream()), grammar.everywhere().stream());
  }

  private List<Candidate> options(Optional<Verb> verb, String typed) {
    return options(verb)
        .filter(option -> option.name().startsWith(typed))
        .map(option -> new Candidate(option.name(), option.help()))
        .toList();
  }

  private List<Candidate> verbs(List<String> plain, String typed) {
    if (plain.isEmpty()) {
      return grammar.verbs().stream()
          .filter(verb -> !verb.isSubordinate() && verb.name().startsWith(typed))
          .map(verb -> new Candidate(verb.name(), verb.summary()))
          .toList();
    }
    if (plain.size() > 1) {
      return List.of();
    }
    return grammar.under(plain.getFirst()).stream()
        .filter(verb -> verb.name().startsWith(plain.getFirst() + " " + typed))
        .map(verb -> new Candidate(verb.name().split(" ")[1], verb.summary()))
        .toList();
  }
}
