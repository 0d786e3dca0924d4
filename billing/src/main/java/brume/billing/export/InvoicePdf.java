package brume.billing.export;

import brume.billing.invoice.Invoice;
import brume.billing.invoice.IssuedInvoices;
import brume.billing.invoice.IssuedLine;
import brume.billing.meter.Meter;
import brume.billing.meter.Unit;
import java.awt.Color;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import org.openpdf.text.Document;
import org.openpdf.text.Element;
import org.openpdf.text.Font;
import org.openpdf.text.FontFactory;
import org.openpdf.text.PageSize;
import org.openpdf.text.Paragraph;
import org.openpdf.text.Phrase;
import org.openpdf.text.Rectangle;
import org.openpdf.text.pdf.PdfPCell;
import org.openpdf.text.pdf.PdfPTable;
import org.openpdf.text.pdf.PdfWriter;

/// An invoice on paper: who pays what until when on the first page, then every line. Written page
/// by page, so that many lines need no more memory than a few. Names in letters that the standard
/// fonts do not have are set in one that is put into the file ([Letters]).
public final class InvoicePdf {
  private static final int ROWS_AT_ONCE = 50;
  private static final float MARGIN = 42;
  private static final Color INK = new Color(0x1f, 0x29, 0x37);
  private static final Color SOFT = new Color(0x6b, 0x72, 0x80);
  private static final Color RULE = new Color(0xd1, 0xd5, 0xdb);
  private static final Color BAND = new Color(0xf3, 0xf4, 0xf6);
  private static final Font TITLE = FontFactory.getFont(FontFactory.HELVETICA_BOLD, 20, INK);
  private static final Font STRONG = FontFactory.getFont(FontFactory.HELVETICA_BOLD, 9.5f, INK);
  private static final Font TEXT = FontFactory.getFont(FontFactory.HELVETICA, 9.5f, INK);
  private static final Font LABEL = FontFactory.getFont(FontFactory.HELVETICA, 8, SOFT);
  private static final Font HEAD = FontFactory.getFont(FontFactory.HELVETICA_BOLD, 7.5f, INK);
  private static final Font CELL = FontFactory.getFont(FontFactory.HELVETICA, 7.5f, INK);
  private static final Font SMALL = FontFactory.getFont(FontFactory.HELVETICA, 7, SOFT);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private InvoicePdf() {}

  public static void write(Invoice invoice, IssuedInvoices invoices, OutputStream out) {
    Document document = new Document(PageSize.A4, MARGIN, MARGIN, MARGIN, MARGIN + 14);
    PdfWriter writer = PdfWriter.getInstance(document, out);
    writer.setPageEvent(new PageFooter(invoice.numberText(), SMALL));
    document.addTitle("Invoice " + invoice.numberText());
    document.addAuthor("Brume");
    document.open();
    head(document, invoice);
    parties(document, invoice);
    sums(document, invoice);
    lines(document, invoice, invoices);
    document.close();
  }

  private static void head(Document document, Invoice invoice) {
    PdfPTable table = table(1, 1);
    table.addCell(plain(new Phrase("Brume", TITLE), Element.ALIGN_LEFT));
    String state = invoice.state().equals("issued") ? "" : "  " + invoice.state();
    table.addCell(plain(new Phrase("Invoice" + state, TITLE), Element.ALIGN_RIGHT));
    table.setSpacingAfter(18);
    document.add(table);
  }

  private static void parties(Document document, Invoice invoice) {
    PdfPTable table = table(1.1f, 1, 1, 1);
    table.addCell(labelled("Bill to", invoice.accountName() == null ? "" : invoice.accountName()));
    table.addCell(labelled("Invoice", invoice.numberText()));
    table.addCell(labelled("Issued", DAY.format(Objects.requireNonNull(invoice.issuedAt()))));
    table.addCell(labelled("Due", DAY.format(Objects.requireNonNull(invoice.dueAt()))));
    table.addCell(labelled("Account", invoice.accountId()));
    table.addCell(labelled("From (UTC)", TIME.format(invoice.period().start())));
    table.addCell(labelled("To (UTC, excluded)", TIME.format(invoice.period().end())));
    table.addCell(labelled("Tax number", invoice.taxId() == null ? "-" : invoice.taxId()));
    table.setSpacingAfter(14);
    document.add(table);
    if (!invoice.zone().equals("UTC")) {
      DateTimeFormatter local =
          DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss xxx", Locale.ROOT)
              .withZone(ZoneId.of(invoice.zone()));
      Paragraph paragraph =
          new Paragraph(
              "In %s the period is %s to %s."
                  .formatted(
                      invoice.zone(),
                      local.format(invoice.period().start()),
                      local.format(invoice.period().end())),
              SMALL);
      paragraph.setSpacingAfter(10);
      document.add(paragraph);
    }
  }

  private static void sums(Document document, Invoice invoice) {
    PdfPTable table = table(3, 1);
    table.addCell(header("Summary", Element.ALIGN_LEFT));
    table.addCell(header("Amount (" + invoice.currency() + ")", Element.ALIGN_RIGHT));
    for (Invoice.Subtotal each : invoice.subtotals()) {
      sum(table, each.service(), each.amount(), TEXT);
    }
    sum(table, "Before tax", invoice.net(), TEXT);
    sum(table, invoice.taxName(), invoice.tax(), TEXT);
    sum(table, "Total", invoice.total(), STRONG);
    if (!invoice.total().equals(invoice.due())) {
      sum(table, "Paid from credit", "-" + invoice.credit(), TEXT);
    }
    PdfPCell due = cell(new Phrase("To be paid", STRONG), Element.ALIGN_LEFT);
    due.setBackgroundColor(BAND);
    table.addCell(due);
    PdfPCell amount =
        cell(new Phrase(invoice.due() + " " + invoice.currency(), STRONG), Element.ALIGN_RIGHT);
    amount.setBackgroundColor(BAND);
    table.addCell(amount);
    table.setSpacingAfter(6);
    document.add(table);
    Paragraph note =
        new Paragraph(
            "Use is counted in whole seconds. Amounts are exact and rounded once for the whole"
                + " invoice, half to even; the lines get their cents by largest remainder, so that"
                + " they add up. Exact total: "
                + invoice.exactTotal()
                + ", rounding: "
                + invoice.rounding()
                + ".",
            SMALL);
    note.setSpacingAfter(16);
    document.add(note);
  }

  private static void lines(Document document, Invoice invoice, IssuedInvoices invoices) {
    PdfPTable table = table(2.1f, 1.1f, 1.75f, 1.75f, 1.45f, 1.25f, 1.2f, 1);
    table.setHeaderRows(1);
    table.setComplete(false);
    for (String title : new String[] {"What", "Type", "Start (UTC)", "End (UTC)"}) {
      table.addCell(header(title, Element.ALIGN_LEFT));
    }
    for (String title :
        new String[] {"Seconds", "Price/hour", "Exact " + invoice.currency(), "Amount"}) {
      table.addCell(header(title, Element.ALIGN_RIGHT));
    }
    int[] rows = {0};
    invoices.lines(
        Objects.requireNonNull(invoice.id()),
        line -> {
          row(table, line);
          if (++rows[0] % ROWS_AT_ONCE == 0) {
            document.add(table); // what is in it is written, and forgotten
          }
        });
    table.setComplete(true);
    document.add(table);
  }

  private static void row(PdfPTable table, IssuedLine line) {
    boolean usage = line.isUsage();
    String name = line.resourceName();
    String what = usage ? (name == null ? "" : name) : line.title();
    Phrase phrase = Letters.phrase(9, what, CELL);
    if (line.resourceId() != null) {
      phrase.add(new Phrase((what.isEmpty() ? "" : "\n") + line.resourceId(), SMALL));
    }
    table.addCell(cell(phrase, Element.ALIGN_LEFT));
    table.addCell(text(line.sku() == null ? "" : line.sku(), Element.ALIGN_LEFT));
    table.addCell(text(usage ? time(line.start()) : "", Element.ALIGN_LEFT));
    table.addCell(text(usage ? time(line.end()) : "", Element.ALIGN_LEFT));
    table.addCell(text(usage ? quantity(line) : "", Element.ALIGN_RIGHT));
    String price =
        line.portions().size() > 1
            ? "tiers"
            : InvoiceCsv.unitPrice(price(line)) + unit(line).priceSuffix();
    table.addCell(text(usage ? price : "", Element.ALIGN_RIGHT));
    table.addCell(text(line.exact().toPlainString(), Element.ALIGN_RIGHT));
    table.addCell(text(line.amount().toPlainString(), Element.ALIGN_RIGHT));
  }

  private static Unit unit(IssuedLine line) {
    return line.meter() == null ? Unit.SECOND : Meter.named(line.meter()).unit();
  }

  private static String quantity(IssuedLine line) {
    Unit unit = unit(line);
    if (unit != Unit.SECOND) {
      return line.units() + unit.suffix();
    }
    return line.seconds() + (line.minimumSeconds() == 0 ? "" : " +" + line.minimumSeconds());
  }

  private static long price(IssuedLine line) {
    return line.portions().size() == 1 ? line.portions().getFirst().micros() : line.shownMicros();
  }

  private static String time(Instant time) {
    return TIME.format(time);
  }

  private static PdfPTable table(float... widths) {
    PdfPTable table = new PdfPTable(widths);
    table.setWidthPercentage(100);
    return table;
  }

  private static void sum(PdfPTable table, String title, String amount, Font font) {
    table.addCell(cell(Letters.phrase(0, title, font), Element.ALIGN_LEFT));
    table.addCell(cell(new Phrase(amount, font), Element.ALIGN_RIGHT));
  }

  private static PdfPCell labelled(String label, String value) {
    Phrase phrase = new Phrase(14);
    phrase.add(new Phrase(label + "\n", LABEL));
    phrase.add(Letters.phrase(14, value, TEXT));
    PdfPCell cell = plain(phrase, Element.ALIGN_LEFT);
    cell.setPaddingBottom(8);
    return cell;
  }

  private static PdfPCell plain(Phrase phrase, int align) {
    PdfPCell cell = new PdfPCell(phrase);
    cell.setBorder(Rectangle.NO_BORDER);
    cell.setPadding(0);
    cell.setHorizontalAlignment(align);
    return cell;
  }

  private static PdfPCell cell(Phrase phrase, int align) {
    PdfPCell cell = plain(phrase, align);
    cell.setPadding(4);
    cell.setPaddingLeft(3);
    cell.setPaddingRight(3);
    cell.setBorder(Rectangle.BOTTOM);
    cell.setBorderColor(RULE);
    cell.setBorderWidth(0.5f);
    return cell;
  }

  private static PdfPCell header(String title, int align) {
    PdfPCell cell = cell(new Phrase(title, HEAD), align);
    cell.setBackgroundColor(BAND);
    return cell;
  }

  private static PdfPCell text(String text, int align) {
    return cell(new Phrase(text, CELL), align);
  }
}
