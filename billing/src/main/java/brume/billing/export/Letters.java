package brume.billing.export;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.openpdf.text.Font;
import org.openpdf.text.Phrase;
import org.openpdf.text.pdf.BaseFont;

/// Text in whatever letters a name has. What the standard fonts have is set in them, and nothing is
/// put into the file for it; other text is set in Liberation Sans, of which the letters that are
/// used are put in. What that does not have either (Chinese, Arabic, signs) is shown as `?` here,
/// and whole in the other formats.
final class Letters {
  /// What the standard fonts have in their usual encoding, the printable part of Latin-1.
  private static final int STANDARD_MAX = 0xff;

  private Letters() {}

  /// Read when the first name needs them: most invoices need none.
  private static final class Wide {
    private static final BaseFont PLAIN = load("liberation/LiberationSans-Regular.ttf");
    private static final BaseFont BOLD = load("liberation/LiberationSans-Bold.ttf");

    private Wide() {}

    private static BaseFont load(String resource) {
      try {
        return BaseFont.createFont(resource, BaseFont.IDENTITY_H, BaseFont.EMBEDDED);
      } catch (IOException e) {
        throw new UncheckedIOException(resource + " can not be read", e);
      }
    }
  }

  /// @param leading between lines, 0 for the font's own
  static Phrase phrase(float leading, String text, Font font) {
    String clean = text.replaceAll("\\p{Cntrl}", "?");
    Phrase phrase = leading == 0 ? new Phrase() : new Phrase(leading);
    if (isStandard(clean)) {
      phrase.add(new Phrase(clean, font));
    } else {
      BaseFont wide = font.isBold() ? Wide.BOLD : Wide.PLAIN;
      phrase.add(
          new Phrase(shown(clean, wide), new Font(wide, font.getSize(), 0, font.getColor())));
    }
    return phrase;
  }

  private static boolean isStandard(String text) {
    return text.chars().allMatch(c -> (c >= ' ' && c <= '~') || (c >= 0xa0 && c <= STANDARD_MAX));
  }

  private static String shown(String text, BaseFont font) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().forEach(c -> shown.appendCodePoint(font.charExists(c) ? c : '?'));
    return shown.toString();
  }
}
