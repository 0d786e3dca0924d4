package brume.scheduler.fleet;

/// Texts that others wrote, as PostgreSQL and a terminal can take them.
public final class Texts {
  /// Of `reason` columns.
  public static final int REASON_LENGTH_MAX = 500;

  private Texts() {}

  /// Counts as PostgreSQL does, in code points, and never parts a surrogate pair.
  public static String cut(String text) {
    return text.codePointCount(0, text.length()) <= REASON_LENGTH_MAX
        ? text
        : text.substring(0, text.offsetByCodePoints(0, REASON_LENGTH_MAX - 1)) + "…";
  }

  /// Control characters become spaces: PostgreSQL has no NUL, and a reader's terminal obeys the
  /// others. Halves of surrogate pairs have no UTF-8.
  public static String clean(String text) {
    StringBuilder clean = new StringBuilder(Math.min(text.length(), REASON_LENGTH_MAX));
    text.codePoints()
        .limit(REASON_LENGTH_MAX + 1)
        .map(
            c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? ' ' : c)
        .forEach(clean::appendCodePoint);
    return cut(clean.toString());
  }
}
