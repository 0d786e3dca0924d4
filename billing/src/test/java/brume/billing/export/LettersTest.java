package brume.billing.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openpdf.text.Document;
import org.openpdf.text.Font;
import org.openpdf.text.FontFactory;
import org.openpdf.text.pdf.PdfReader;
import org.openpdf.text.pdf.PdfWriter;
import org.openpdf.text.pdf.parser.PdfTextExtractor;

/// Names on paper, read back from it.
class LettersTest {
  @ParameterizedTest
  @CsvSource({
    "Élan & Söhne,             Élan & Söhne,             false",
    "Łódź i Żywiec,            Łódź i Żywiec,            true",
    "Ирина Петрова,            Ирина Петрова,            true",
    "Ωμέγα ΑΕ,                 Ωμέγα ΑΕ,                 true",
    "Ёлка 山 Ltd,              Ёлка ? Ltd,               true",
    "'tab\there',              tab?here,                 false"
  })
  void aNameIsSetInItsOwnLetters(String name, String shown, boolean embedded) throws IOException {
    for (String kind : new String[] {FontFactory.HELVETICA, FontFactory.HELVETICA_BOLD}) {
      Font font = FontFactory.getFont(kind, 9);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Document document = new Document();
      PdfWriter.getInstance(document, out);
      document.open();
      document.add(Letters.phrase(0, name, font));
      document.close();
      PdfReader reader = new PdfReader(out.toByteArray());
      assertThat(new PdfTextExtractor(reader).getTextFromPage(1)).isEqualTo(shown);
      assertThat(
              out.toString(java.nio.charset.StandardCharsets.ISO_8859_1).contains("LiberationSans"))
          .as("only what needs the font carries it")
          .isEqualTo(embedded);
    }
  }
}
