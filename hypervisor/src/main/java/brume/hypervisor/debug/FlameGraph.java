package brume.hypervisor.debug;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Counted call stacks, and the picture of them: each function a bar as wide as its part of the
/// whole, on the bar of its caller (B. Gregg, 'The Flame Graph', CACM 59(6), 2016). Bounded: stacks
/// that would need more bars than there may be count for their callers.
final class FlameGraph {
  static final int BARS_MAX = 100_000;

  private static final int WIDTH = 1200, ROW = 17, MARGIN = 10, TITLE = 40;
  private static final double BAR_WIDTH_MIN = 0.2, CHARACTER_WIDTH = 7;
  private static final int TOP = 25;

  private static final class Bar {
    final String name;
    final Map<String, Bar> callees = new LinkedHashMap<>();
    long count;
    long own;

    Bar(String name) {
      this.name = name;
    }

    int depth() {
      return 1 + callees.values().stream().mapToInt(Bar::depth).max().orElse(0);
    }
  }

  private final Bar all = new Bar("all");
  private int bars;

  /// `stack` from the outermost to the innermost.
  void add(List<String> stack, long weight) {
    Bar at = all;
    at.count += weight;
    for (String name : stack) {
      Bar callee = at.callees.get(name);
      if (callee == null) {
        if (bars == BARS_MAX) {
          break;
        }
        bars++;
        callee = new Bar(name);
        at.callees.put(name, callee);
      }
      callee.count += weight;
      at = callee;
    }
    at.own += weight;
  }

  long total() {
    return all.count;
  }

  /// A drawing that needs nothing else.
  ///
  /// @param title what was counted
  String svg(String title) {
    int height = TITLE + all.depth() * ROW + MARGIN;
    StringBuilder out = new StringBuilder(1 << 16);
    out.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d">
        <style>text { font: 12px monospace } rect { stroke: white; stroke-width: 0.5 } \
        g:hover rect { stroke: black }</style>
        <rect width="100%%" height="100%%" fill="#fdfdf8"/>
        <text x="%d" y="24">%s</text>
        """
            .formatted(WIDTH, height, WIDTH, height, MARGIN, escaped(title)));
    double scale = all.count == 0 ? 0 : (WIDTH - 2.0 * MARGIN) / all.count;
    draw(out, all, MARGIN, height - MARGIN - ROW, scale);
    return out.append("</svg>\n").toString();
  }

  private void draw(StringBuilder out, Bar bar, double x, int y, double scale) {
    double width = bar.count * scale;
    if (width < BAR_WIDTH_MIN) {
      return;
    }
    out.append("<g><title>").append(escaped(bar.name)).append(": ").append(share(bar.count));
    out.append("</title><rect x=\"").append(decimal(x)).append("\" y=\"").append(y);
    out.append("\" width=\"").append(decimal(width)).append("\" height=\"").append(ROW - 1);
    out.append("\" fill=\"").append(color(bar.name)).append("\"/>");
    int characters = (int) ((width - 6) / CHARACTER_WIDTH);
    if (characters >= 3) {
      boolean whole = bar.name.length() <= characters;
      String label = whole ? bar.name : bar.name.substring(0, characters - 2) + "..";
      out.append("<text x=\"").append(decimal(x + 3)).append("\" y=\"").append(y + 12);
      out.append("\">").append(escaped(label)).append("</text>");
    }
    out.append("</g>\n");
    double at = x;
    for (Bar callee : sorted(bar)) {
      draw(out, callee, at, y - ROW, scale);
      at += callee.count * scale;
    }
  }

  /// By name, so that two pictures can be compared.
  private static List<Bar> sorted(Bar bar) {
    return bar.callees.values().stream()
        .sorted(Comparator.comparing(callee -> callee.name))
        .toList();
  }

  private String share(long count) {
    double percent = all.count == 0 ? 0 : 100.0 * count / all.count;
    return String.format(Locale.ROOT, "%,d instructions, %.2f %%", count, percent);
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /// From red to yellow, by the name.
  private static String color(String name) {
    int hash = name.hashCode() * 0x9e37_79b9;
    int green = 110 + (hash >>> 24) * 110 / 255;
    int blue = 40 + (hash >>> 16 & 0xff) * 50 / 255;
    return String.format(Locale.ROOT, "#%02x%02x%02x", 235, green, blue);
  }

  private static String escaped(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char one = text.charAt(i);
      switch (one) {
        case '<' -> safe.append("&lt;");
        case '>' -> safe.append("&gt;");
        case '&' -> safe.append("&amp;");
        case '"' -> safe.append("&quot;");
        default -> safe.append(one < ' ' || Character.isSurrogate(one) || one > 0xfffd ? '?' : one);
      }
    }
    return safe.toString();
  }

  /// A page with the drawing, and a table of where most instructions were executed.
  String html(String title) {
    Map<String, Long> own = new HashMap<>();
    collect(all, own);
    StringBuilder rows = new StringBuilder();
    own.entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(TOP)
        .forEach(entry ->
            rows.append("<tr><td>")
                .append(escaped(entry.getKey()))
                .append("</td><td>")
                .append(share(entry.getValue()))
                .append("</td></tr>\n"));
    return """
    <!doctype html><meta charset="utf-8"><title>%s</title>
    %s<h3>In itself</h3><table>
    %s</table>
    """
        .formatted(escaped(title), svg(title), rows);
  }

  private static void collect(Bar bar, Map<String, Long> own) {
    own.merge(bar.name, bar.own, Long::sum);
    bar.callees.values().forEach(callee -> collect(callee, own));
  }
}
