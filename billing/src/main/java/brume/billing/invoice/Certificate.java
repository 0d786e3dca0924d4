package brume.billing.invoice;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Made with an invoice when it is issued: the digest of all that it shows, so that anyone who has
/// the file can see whether it is the one that was issued, and the head of the chain over the log
/// that it was made from. `docs/0012-invoices.md` has the form of what is digested.
///
/// @param digest SHA-256 in hex
/// @param throughSeq the log up to here is in it
/// @param logHead the chain's head there
/// @param resourcesThroughSeq the same of the log of storage, addresses and traffic; absent where
///   there was nothing in it
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Certificate(
    String digest,
    long throughSeq,
    String logHead,
    @Nullable Long resourcesThroughSeq,
    @Nullable String resourcesLogHead) {
  static Certificate of(byte[] digest, LogHead log) {
    boolean resources = log.resourcesChain() != null;
    return new Certificate(
        hex(digest),
        log.seq(),
        log.requireChain(),
        resources ? log.resourcesSeq() : null,
        log.resourcesChain());
  }

  /// Each line and each adjustment is given in the order of the invoice.
  static final class Writer {
    private final MessageDigest digest = LineId.sha256();

    private void add(@Nullable Object... fields) {
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
        LogHead log) {
      add("invoice", id, number, accountId, period.start(), period.end(), currency);
      add("log", log.seq(), log.requireChain());
      if (log.resourcesChain() != null) {
        add("resources", log.resourcesSeq(), log.resourcesChain());
      }
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
      if (line.units() != null) {
        add("units", line.units(), line.unit(), line.unitsPerPrice());
      }
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

  static @Nullable String hexOrNull(byte @Nullable [] digest) {
    return digest == null ? null : hex(digest);
  }

  static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }
}
