package brume.compute.audit;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Audit entries as comma-separated values (RFC 4180), every value in quotes.
final class AuditText {
  static final String HEADER =
      line(
          List.of(
              "id",
              "at",
              "action",
              "outcome",
              "code",
              "detail",
              "resources",
              "principal",
              "userId",
              "from",
              "requestId"));

  private AuditText() {}

  static String line(AuditQueries.AuditEntry entry) {
    return line(
        Stream.of(
                entry.id(),
                entry.at().toString(),
                entry.action(),
                entry.outcome(),
                text(entry.code()),
                text(entry.detail()),
                String.join(" ", entry.resources()),
                entry.principal(),
                text(entry.userId()),
                entry.from(),
                entry.requestId())
            .toList());
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static String line(List<String> values) {
    return values.stream().map(AuditText::quoted).collect(Collectors.joining(",", "", "\r\n"));
  }

  /// A leading `=`, `+`, `-` or `@` would make a spreadsheet compute what a client once wrote.
  private static String quoted(String value) {
    boolean formula = !value.isEmpty() && "=+-@".indexOf(value.charAt(0)) >= 0;
    return '"' + (formula ? "'" : "") + value.replace("\"", "\"\"") + '"';
  }
}
