package brume.cli.grammar;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One option of a verb.
///
/// @param names as typed, the short one first: `-o`, `--output`
/// @param value what stands for its value in the help; null for a switch
/// @param repeated whether it may be given more than once
/// @param fill what its value may be, for completion
public record Option(
    List<String> names, @Nullable String value, String help, boolean repeated, Fill fill) {
  public Option {
    names = List.copyOf(names);
    if (names.isEmpty() || !names.getLast().startsWith("--")) {
      throw new IllegalArgumentException("an option's last name must be a long one, not " + names);
    }
  }

  public static Option flag(String names, String help) {
    return new Option(List.of(names.split(", ")), null, help, false, Fill.NOTHING);
  }

  public static Option one(String names, String value, String help) {
    return new Option(List.of(names.split(", ")), value, help, false, Fill.NOTHING);
  }

  public static Option many(String names, String value, String help) {
    return new Option(
        List.of(names.split(", ")), value, help + " May be repeated.", true, Fill.NOTHING);
  }

  public Option filled(Fill with) {
    return new Option(names, value, help, repeated, with);
  }

  /// The long name, by which the value is asked for.
  public String name() {
    return names.getLast();
  }

  public boolean isFlag() {
    return value == null;
  }
}
