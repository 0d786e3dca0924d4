package brume.scheduler.placement;

import brume.contract.Resources;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A fleet, demands and a plan as lines of text, so that a test reads as a table.
///
/// ```
/// node  n1 a 4/4096 used 1/512 [closed]
/// want  i1 1/512 [zone a] [of r1] [not n1]
/// placed r1 a 2
/// ```
final class PlanText {
  private final List<NodeView> nodes = new ArrayList<>();
  private final List<Demand> demands = new ArrayList<>();
  private final Map<String, Map<String, Integer>> placed = new TreeMap<>();

  static PlanText of(String text) {
    PlanText parsed = new PlanText();
    text.lines().map(String::strip).filter(line -> !line.isEmpty()).forEach(parsed::line);
    return parsed;
  }

  private void line(String line) {
    String[] words = line.split("\\s+");
    switch (words[0]) {
      case "node" ->
          nodes.add(
              new NodeView(
                  words[1],
                  words[2],
                  resources(words[3]),
                  line.contains(" used ") ? resources(after(words, "used")) : Resources.NONE,
                  !line.endsWith(" closed")));
      case "want" ->
          demands.add(
              new Demand(
                  words[1],
                  line.contains(" of ") ? after(words, "of") : "r-" + words[1],
                  1,
                  resources(words[2]),
                  line.contains(" zone ") ? after(words, "zone") : null,
                  line.contains(" not ") ? Set.of(after(words, "not")) : Set.of()));
      case "placed" ->
          placed
              .computeIfAbsent(words[1], id -> new TreeMap<>())
              .put(words[2], Integer.valueOf(words[3]));
      default -> throw new IllegalArgumentException(line);
    }
  }

  private static String after(String[] words, String word) {
    return words[List.of(words).indexOf(word) + 1];
  }

  private static Resources resources(String text) {
    String[] parts = text.split("/");
    return new Resources(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }

  FleetView fleet() {
    return new FleetView(nodes, placed);
  }

  List<Demand> demands() {
    return List.copyOf(demands);
  }

  /// `i1 -> n1` or `i1: why not`, a line each, by instance.
  static String text(Plan plan) {
    List<String> lines = new ArrayList<>();
    plan.placements().forEach(p -> lines.add(p.demand().instanceId() + " -> " + p.nodeId()));
    plan.refusals().forEach(r -> lines.add(r.demand().instanceId() + ": " + r.reason()));
    lines.sort(Comparator.naturalOrder());
    return String.join("\n", lines);
  }
}
