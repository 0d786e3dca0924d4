package brume.billing.export;

import org.openpdf.text.Document;
import org.openpdf.text.Element;
import org.openpdf.text.Font;
import org.openpdf.text.Phrase;
import org.openpdf.text.pdf.ColumnText;
import org.openpdf.text.pdf.PdfPageEventHelper;
import org.openpdf.text.pdf.PdfWriter;

/// The line at the foot of each page of an invoice.
final class PageFooter extends PdfPageEventHelper {
  private static final float BELOW = 18;

  private final String number;
  private final Font font;

  PageFooter(String number, Font font) {
    this.number = number;
    this.font = font;
  }

  @Override
  public void onEndPage(PdfWriter writer, Document document) {
    write(writer, document.left(), document.bottom() - BELOW, "Invoice " + number, false);
    String page = "Page " + writer.getPageNumber();
    write(writer, document.right(), document.bottom() - BELOW, page, true);
  }

  private void write(PdfWriter writer, float x, float y, String text, boolean toTheLeft) {
    ColumnText.showTextAligned(
        writer.getDirectContent(),
        toTheLeft ? Element.ALIGN_RIGHT : Element.ALIGN_LEFT,
        new Phrase(text, font),
        x,
        y,
        0);
  }
}
