package brume.compute.ec2.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class XmlAnswerTest {
  private record Part(String key, @Nullable String value) {}

  private enum Kind {
    SMALL
  }

  private record Whole(
      int count,
      long bytes,
      boolean on,
      double share,
      Kind kind,
      @Nullable Instant at,
      List<Part> partSet,
      List<String> nameSet,
      @WireName("Other") Part part) {}

  private record Answer(String requestId, XmlAnswer.Inline content) {}

  private static String xml(Record content) {
    return new String(XmlAnswer.document("R", null, content), StandardCharsets.UTF_8);
  }

  private static String text(String text) {
    String xml = xml(new Part(text, null));
    String head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><R><key>";
    assertThat(xml).startsWith(head).endsWith("</key></R>");
    return xml.substring(head.length(), xml.length() - "</key></R>".length());
  }

  @Test
  void aRecordIsWrittenByTheNamesOfItsComponents() {
    Whole whole =
        new Whole(
            -3,
            1L << 40,
            true,
            0.5,
            Kind.SMALL,
            Instant.parse("2026-11-22T01:09:02.9999Z"),
            List.of(new Part("a", "1"), new Part("b", null)),
            List.of(),
            new Part("", "x"));
    byte[] document =
        XmlAnswer.document("R", "urn:x", new Answer("q", new XmlAnswer.Inline(whole)));
    assertThat(new String(document, StandardCharsets.UTF_8))
        .isEqualTo(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><R xmlns=\"urn:x\"><requestId>q</requestId>"
                + "<count>-3</count><bytes>1099511627776</bytes><on>true</on><share>0.5</share>"
                + "<kind>SMALL</kind><at>2026-11-22T01:09:02.999Z</at>"
                + "<partSet><item><key>a</key><value>1</value></item><item><key>b</key></item>"
                + "</partSet><nameSet/><Other><key></key><value>x</value></Other></R>");
  }

  @Test
  void whatCanNotStandForItselfIsReplaced() {
    assertThat(text("plain ~ text")).isEqualTo("plain ~ text");
    assertThat(text("a<b>&\"'")).isEqualTo("a&lt;b&gt;&amp;\"'");
    assertThat(text("\r\n\t")).isEqualTo("&#13;\n\t");
    assertThat(text("\u0000x\u001f\ufffe\uffff")).isEqualTo("\ufffdx\ufffd\ufffd\ufffd");
    assertThat(text("é\u007f水😀z")).isEqualTo("é\u007f水😀z");
    assertThat(text("\ud83d|\ude00")).isEqualTo("\ufffd|\ufffd");
    assertThat(text("x\ud83d")).isEqualTo("x\ufffd");
  }

  @Test
  void longTextsOfAllKindsFit() {
    for (String part : List.of("a", "&", "水", "😀", "\r", "\ud83d")) {
      String once = text(part);
      assertThat(text(part.repeat(70_000))).isEqualTo(once.repeat(70_000));
      for (int length = 32_700; length < 32_780; length++) { // about where a piece is full
        assertThat(text("a".repeat(length) + part)).isEqualTo("a".repeat(length) + once);
      }
    }
  }
}
