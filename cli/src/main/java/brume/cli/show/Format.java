package brume.cli.show;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// How an answer is printed; the names are what users type, in lower case.
public enum Format {
  TABLE,
  JSON,
  YAML,
  CSV;

  public static final List<String> NAMES =
      Arrays.stream(values()).map(format -> format.name().toLowerCase(Locale.ROOT)).toList();

  public static Format of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }
}
