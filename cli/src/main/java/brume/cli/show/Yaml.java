package brume.cli.show;

import brume.cli.cloud.Json;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// JSON's values as YAML 1.2 in block style. Text that could be read as something else, such as
/// `no`, `1e3` or a time, is quoted as JSON, which is YAML too (§1.3).
final class Yaml {
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z/][A-Za-z0-9_/.@+-]*(?: [A-Za-z0-9_/.@+(-][A-Za-z0-9_/.@+()-]*)*");
  private static final Pattern MEANS_MORE =
      Pattern.compile(
          "(?i)y|n|yes|no|on|off|true|false|null|\\.?nan|[-+]?\\.?inf|[0-9a-f]+e[-+]?[0-9]+");

  private Yaml() {}

  static String of(@Nullable Object value) {
    StringBuilder text = new StringBuilder();
    if (isLeaf(value)) {
      return leaf(value) + "\n";
    }
    block(text, value, "");
    return text.toString();
  }

  private static void block(StringBuilder text, @Nullable Object value, String indent) {
    switch (value) {
      case Map<?, ?> map ->
          map.forEach((name, field) -> {
            text.append(text.isEmpty() || text.charAt(text.length() - 1) == '\n' ? indent : "")
                .append(scalar(String.valueOf(name)))
                .append(':');
            nested(text, field, field instanceof List ? indent : indent + "  ");
          });
      case List<?> list ->
          list.forEach(item -> {
            text.append(indent).append('-');
            if (isLeaf(item) || item instanceof List) {
              nested(text, item, indent + "  ");
            } else {
              text.append(' ');
              block(text, item, indent + "  ");
            }
          });
      case null, default -> text.append(indent).append(leaf(value)).append('\n');
    }
  }

  private static void nested(StringBuilder text, @Nullable Object value, String indent) {
    if (isLeaf(value)) {
      text.append(' ').append(leaf(value)).append('\n');
    } else {
      text.append('\n');
      block(text, value, indent);
    }
  }

  private static boolean isLeaf(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> map.isEmpty();
      case List<?> list -> list.isEmpty();
      case null, default -> true;
    };
  }

  private static String leaf(@Nullable Object value) {
    return value instanceof String text ? scalar(text) : Json.line(value);
  }

  private static String scalar(String text) {
    return PLAIN.matcher(text).matches() && !MEANS_MORE.matcher(text).matches()
        ? text
        : Json.line(text);
  }
}
