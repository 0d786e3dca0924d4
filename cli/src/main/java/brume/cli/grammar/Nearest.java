package brume.cli.grammar;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What somebody may have meant: the known word with the fewest changes between.
final class Nearest {
  private static final int LENGTH_MAX = 40;

  private Nearest() {}

  /// `: did you mean 'ps'?`, or what stands in its place when no word is near.
  static String suggestion(String typed, List<String> known, String none) {
    return to(typed, known).map(word -> ": did you mean '" + word + "'?").orElse(none);
  }

  /// @param known what may have been meant, by the words for it
  static String suggestion(String typed, Map<String, String> known, String none) {
    return to(typed, List.copyOf(known.keySet()))
        .map(word -> ": did you mean '" + known.get(word) + "'?")
        .orElse(none);
  }

  static Optional<String> to(String typed, List<String> known) {
    if (typed.length() > LENGTH_MAX) {
      return Optional.empty();
    }
    String bare = typed.replaceFirst("^-+", "");
    int most = bare.length() < 4 ? 1 : bare.length() < 9 ? 2 : 3;
    return known.stream()
        .distinct()
        .filter(word -> distance(bare, word.replaceFirst("^-+", "")) <= most)
        .min(Comparator.comparingInt(word -> distance(typed, word)));
  }

  /// Insertions, deletions, changes and swaps of neighbours (optimal string alignment).
  private static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        cost[i][j] =
            Math.min(cost[i - 1][j - 1] + same, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[a.length()][b.length()];
  }
}
