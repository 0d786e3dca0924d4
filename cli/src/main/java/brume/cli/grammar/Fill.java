package brume.cli.grammar;

import java.util.List;

/// What completion may put in a place.
public sealed interface Fill {
  Fill NOTHING = new Words(List.of());

  /// One of these.
  record Words(List<String> words) implements Fill {
    public Words {
      words = List.copyOf(words);
    }
  }

  /// Something that only the shell or the cloud knows.
  enum Known implements Fill {
    FILES,
    INSTANCES,
    IMAGES,
    TYPES,
    PROFILES
  }

  static Fill words(String... words) {
    return new Words(List.of(words));
  }
}
