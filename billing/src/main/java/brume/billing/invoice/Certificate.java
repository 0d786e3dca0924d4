package brume.billing.invoice;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/// Made with an invoice when it is issued: the digest of all that it shows, so that anyone who has
/// the file can see whether it is the one that was issued, and the head of the chain over the log
/// that it was made from. `docs/0012-invoices.md` has the form of what is digested.
///
/// @param digest SHA-256 in hex
/// @param throughSeq the log up to here is in it
/// @param logHead the chain's head there
public record Certificate(String digest, long throughSeq, String logHead) {
  /// Each line and each adjustment is given in the order of the invoice.
  static final class Writer {
    private final MessageDigest digest = LineId.sha256();

    private void add(Object... fields) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < fields.length; i++) {
        text.append(i == 0 ? "" : " ").append(fields[i]);
      }
      digest.update(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
    }

    Writer head(
        String id,
        int number,
        String accountId,
        brume.billing.rating.Period period,
        String currency,
        long throughSeq,
        String logHead) {
      add("invoice", id, number, accountId, period.start(), period.end(), currency);
      add("log", throughSeq, logHead);
      return this;
    }

    Writer line(Invoice.Line line) {
      add(
          "line",
          line.id(),
          line.resourceId(),
          line.meter(),
          line.sku(),
          line.priceBookId(),
          line.seconds(),
          line.minimumSeconds(),
          line.exactAmount(),
          line.amount());
      return this;
    }

    Writer adjustment(Invoice.Adjustment each) {
      add("adjustment", each.id(), each.kind(), each.exactAmount(), each.amount());
      return this;
    }

    byte[] sums(
        String exactTotal,
        String rounding,
        String net,
        String tax,
        String total,
        String credit,
        String due) {
      add("sums", exactTotal, rounding, net, tax, total, credit, due);
      return digest.digest();
    }
  }

  static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }
}
