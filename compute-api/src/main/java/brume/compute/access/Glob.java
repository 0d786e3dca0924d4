package brume.compute.access;

/// Patterns of `*` (any text) and `?` (any character), as scopes and policies write them.
public final class Glob {
  private Glob() {}

  /// Takes at most pattern × text steps, whatever the pattern: after a `*` failed at one place,
  /// only the last one seen is tried further on.
  public static boolean matches(String pattern, String text) {
    int p = 0;
    int t = 0;
    int star = -1;
    int behind = 0;
    while (t < text.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        behind = t;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '?' || pattern.charAt(p) == text.charAt(t))) {
        p++;
        t++;
      } else if (star >= 0) {
        p = star + 1;
        t = ++behind;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
