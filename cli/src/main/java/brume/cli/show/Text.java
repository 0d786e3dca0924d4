package brume.cli.show;

/// Text on a terminal: how wide it is there, how it is cut, and what of it could do harm.
public final class Text {
  private Text() {}

  /// Without control characters, which could move the cursor or hide what stands there: a name or a
  /// tag is somebody's input. Line breaks become spaces.
  public static String visible(String text) {
    boolean clean = true;
    for (int i = 0; i < text.length() && clean; i++) {
      clean = !harmful(text.charAt(i));
    }
    if (clean) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      shown.append(harmful(c) ? Character.isWhitespace(c) ? ' ' : '\ufffd' : c);
    }
    return shown.toString();
  }

  /// Control characters, and those that turn the direction of what follows.
  private static boolean harmful(char c) {
    return Character.isISOControl(c)
        || (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u2069');
  }

  /// On one line of so many columns.
  public static String fitted(String text, int columns) {
    return cut(visible(text), columns);
  }

  static int width(String text) {
    return text.codePoints().map(Text::width).sum();
  }

  /// The columns that terminals give a character: none for marks that join, two for East Asian wide
  /// ones and pictures.
  private static int width(int point) {
    int type = Character.getType(point);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    boolean wide =
        (point >= 0x1100 && point <= 0x115f)
            || (point >= 0x2e80 && point <= 0xa4cf)
            || (point >= 0xac00 && point <= 0xd7a3)
            || (point >= 0xf900 && point <= 0xfaff)
            || (point >= 0xfe30 && point <= 0xfe6f)
            || (point >= 0xff00 && point <= 0xff60)
            || (point >= 0x1f300 && point <= 0x1faff)
            || (point >= 0x20000 && point <= 0x3fffd);
    return wide ? 2 : 1;
  }

  static String cut(String text, int columns) {
    if (width(text) <= columns) {
      return text;
    }
    StringBuilder kept = new StringBuilder();
    int used = 0;
    for (int point : text.codePoints().toArray()) {
      if (used + width(point) > columns - 1) {
        break;
      }
      kept.appendCodePoint(point);
      used += width(point);
    }
    return kept.append('…').toString();
  }
}
