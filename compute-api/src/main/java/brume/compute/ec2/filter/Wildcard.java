package brume.compute.ec2.filter;

import java.util.regex.Pattern;

/// A filter's value: `*` stands for any characters, `?` for one, a backslash takes the meaning of
/// the character behind it.
///
/// @param literal the text itself where there is no wildcard
public record Wildcard(String text, boolean isLiteral, String literal) {
  public static Wildcard of(String text) {
    StringBuilder literal = new StringBuilder();
    boolean plain = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        literal.append(text.charAt(++i));
      } else {
        plain &= c != '*' && c != '?';
        literal.append(c);
      }
    }
    return new Wildcard(text, plain, literal.toString());
  }

  /// Matches in time proportional to both lengths' product at worst, whatever the stars.
  public boolean matches(String value) {
    if (isLiteral) {
      return literal.equals(value);
    }
    int at = 0;
    int in = 0;
    int star = -1;
    int resume = 0;
    while (in < value.length()) {
      boolean escaped = at + 1 < text.length() && text.charAt(at) == '\\';
      if (at < text.length() && !escaped && text.charAt(at) == '*') {
        star = at++;
        resume = in;
      } else if (at < text.length() && fits(at, escaped, value.charAt(in))) {
        at += escaped ? 2 : 1;
        in++;
      } else if (star >= 0) {
        at = star + 1;
        in = ++resume;
      } else {
        return false;
      }
    }
    while (at < text.length() && text.charAt(at) == '*') {
      at++;
    }
    return at == text.length();
  }

  private boolean fits(int at, boolean escaped, char c) {
    return escaped ? text.charAt(at + 1) == c : text.charAt(at) == '?' || text.charAt(at) == c;
  }

  /// The same as a pattern of SQL's LIKE.
  public String like() {
    StringBuilder like = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '*') {
        like.append('%');
      } else if (c == '?') {
        like.append('_');
      } else {
        char taken = c == '\\' && i + 1 < text.length() ? text.charAt(++i) : c;
        if (SPECIAL.matcher(String.valueOf(taken)).matches()) {
          like.append('\\');
        }
        like.append(taken);
      }
    }
    return like.toString();
  }

  private static final Pattern SPECIAL = Pattern.compile("[%_\\\\]");
}
