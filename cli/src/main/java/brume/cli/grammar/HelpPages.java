package brume.cli.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The help made from the verbs: one page of all, one page of each.
public final class HelpPages {
  private static final int WIDTH = 88;
  private static final int LABEL_MAX = 26;

  private final Grammar grammar;

  public HelpPages(Grammar grammar) {
    this.grammar = grammar;
  }

  /// The page of all verbs, without those that stand under another.
  public String all(String headline, List<String> closing) {
    StringBuilder page = new StringBuilder(headline).append("\n\n");
    page.append("Usage: ").append(grammar.program()).append(" VERB [OPTIONS]\n");
    for (Chapter chapter : Chapter.values()) {
      List<Verb> verbs =
          grammar.verbs().stream()
              .filter(verb -> verb.chapter() == chapter && !verb.isSubordinate())
              .toList();
      if (!verbs.isEmpty()) {
        page.append('\n').append(chapter.title()).append(":\n");
        verbs.forEach(verb -> row(page, verb.name(), verb.summary(), 12));
      }
    }
    page.append("\nOptions of every verb:\n");
    grammar.everywhere().forEach(option -> row(page, label(option), option.help(), LABEL_MAX));
    page.append('\n');
    closing.forEach(line -> page.append(line).append('\n'));
    return page.toString();
  }

  public String of(Verb verb) {
    StringBuilder page = new StringBuilder(verb.summary()).append("\n");
    if (!verb.more().isEmpty()) {
      page.append('\n');
      wrapped(verb.more(), WIDTH).forEach(line -> page.append(line).append('\n'));
    }
    page.append("\nUsage: ").append(grammar.program()).append(' ').append(verb.name());
    verb.parameters().forEach(parameter -> page.append(' ').append(parameter.usage()));
    page.append(" [OPTIONS]\n");
    if (!verb.parameters().isEmpty() || !verb.options().isEmpty()) {
      page.append('\n');
    }
    verb.parameters()
        .forEach(parameter -> row(page, parameter.label(), parameter.help(), LABEL_MAX));
    verb.options().forEach(option -> row(page, label(option), option.help(), LABEL_MAX));
    List<Verb> others =
        grammar.under(verb.name().split(" ")[0]).stream()
            .filter(other -> !other.equals(verb))
            .toList();
    if (!others.isEmpty()) {
      page.append("\nSee also:\n");
      others.forEach(other -> row(page, other.name(), other.summary(), 18));
    }
    if (!verb.examples().isEmpty()) {
      page.append("\nExamples:\n");
      verb.examples().forEach(line -> page.append("  ").append(line).append('\n'));
    }
    String everywhere =
        grammar.everywhere().stream()
            .map(option -> label(option).strip())
            .collect(Collectors.joining("; "));
    page.append('\n');
    wrapped("Options of every verb: " + everywhere, WIDTH)
        .forEach(line -> page.append(line).append('\n'));
    return page.toString();
  }

  private static String label(Option option) {
    String names = String.join(", ", option.names());
    String indented = option.names().size() == 1 ? "    " + names : names;
    return option.value() == null ? indented : indented + " " + option.value();
  }

  /// A label and its text, which goes on below itself.
  private static void row(StringBuilder page, String label, String text, int labelWidth) {
    page.append("  ").append(label);
    if (label.length() > labelWidth) {
      page.append('\n').append(" ".repeat(labelWidth + 4));
    } else {
      page.append(" ".repeat(labelWidth + 2 - label.length()));
    }
    List<String> lines = wrapped(text, WIDTH - labelWidth - 4);
    page.append(String.join("\n" + " ".repeat(labelWidth + 4), lines)).append('\n');
  }

  private static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    for (String paragraph : text.split("\n")) {
      StringBuilder line = new StringBuilder();
      for (String word : paragraph.split(" ")) {
        if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
          lines.add(line.toString());
          line.setLength(0);
        }
        line.append(line.isEmpty() ? "" : " ").append(word);
      }
      lines.add(line.toString());
    }
    return lines;
  }
}
