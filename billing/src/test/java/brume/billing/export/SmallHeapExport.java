package brume.billing.export;

import brume.billing.invoice.Invoice;
import brume.billing.invoice.IssuedInvoices;
import brume.db.ServiceRole;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Writes an invoice in each form to nowhere, and says how much it was: `url password invoice`.
final class SmallHeapExport {
  private SmallHeapExport() {}

  private interface Form {
    void write(OutputStream out) throws IOException;
  }

  private static final class Counted extends OutputStream {
    private long bytes;

    @Override
    public void write(int value) {
      bytes++;
    }

    @Override
    public void write(byte[] some, int offset, int length) {
      bytes += length;
    }
  }

  public static void main(String[] arguments) throws IOException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(arguments[0]);
    source.setUser(ServiceRole.BILLING.roleName());
    source.setPassword(arguments[1]);
    IssuedInvoices invoices =
        new IssuedInvoices(
            new JdbcTemplate(source), new TransactionTemplate(new JdbcTransactionManager(source)));
    Invoice head = invoices.find(null, arguments[2]).orElseThrow();
    count("json", out -> InvoiceJson.write(head, invoices, out));
    count("csv", out -> text(out, writer -> InvoiceCsv.write(head, invoices, writer)));
    count("focus", out -> text(out, writer -> FocusCsv.write(head, invoices, writer)));
    count("focus-parquet", out -> FocusParquet.write(head, invoices, out));
    count("pdf", out -> InvoicePdf.write(head, invoices, out));
  }

  private interface Text {
    void write(Writer writer);
  }

  private static void text(OutputStream out, Text text) throws IOException {
    Writer writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    text.write(writer);
    writer.flush();
  }

  private static void count(String name, Form form) throws IOException {
    Counted out = new Counted();
    form.write(out);
    System.out.println("wrote " + name + " " + out.bytes);
  }
}
