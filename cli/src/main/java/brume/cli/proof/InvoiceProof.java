package brume.cli.proof;

import brume.cli.cloud.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Checks an issued invoice by what stands in it alone, as docs/0012 says: its sums, each line's
/// seconds at its prices, and that it is what its certificate was made of. Pure.
public final class InvoiceProof {
  /// No share of a sum is off by a whole last digit.
  private static final BigDecimal SIXTH_DECIMAL = new BigDecimal("0.000001");

  private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3600);

  private final Object invoice;
  private final List<Finding> findings = new ArrayList<>();

  private InvoiceProof(Object invoice) {
    this.invoice = invoice;
  }

  /// One thing that was looked at.
  ///
  /// @param holds whether it is as it must be
  public record Finding(boolean holds, String text) {}

  /// All that was looked at, in order.
  ///
  /// @param invoice as [Json] reads it
  /// @throws IllegalArgumentException where it is no issued invoice at all, saying what is missing
  public static List<Finding> of(@Nullable Object invoice) {
    if (!(invoice instanceof Map<?, ?>)) {
      throw new IllegalArgumentException("this is no invoice: it is not a JSON object");
    }
    InvoiceProof proof = new InvoiceProof(invoice);
    proof.check();
    return List.copyOf(proof.findings);
  }

  private void check() {
    List<?> lines = list("lines");
    List<?> adjustments = list("adjustments");
    Object certificate = Json.at(invoice, "certificate");
    if (!(certificate instanceof Map<?, ?>)) {
      throw new IllegalArgumentException(
          "it has no certificate: a draft has none; 'brume invoice ID -o json' writes an issued one");
    }
    List<String> wrong =
        lines.stream().filter(line -> !isPriced(line)).map(line -> text(line, "id")).toList();
    finding(
        wrong.isEmpty(),
        wrong.isEmpty()
            ? "each of its %d lines is its seconds at its prices".formatted(lines.size())
            : "these lines are not their seconds at their prices: "
                + String.join(", ", wrong.subList(0, Math.min(wrong.size(), 10))));
    List<Object> rows = new ArrayList<>(lines);
    rows.addAll(adjustments);
    same("the unrounded amounts add up", sum(rows, "exactAmount"), number("exactTotal"));
    same("the amounts add up", sum(rows, "amount"), number("net"));
    same("it was rounded once", number("exactTotal").add(number("rounding")), number("net"));
    same("net and tax are the total", number("net").add(number("tax")), number("total"));
    same("less credits it is due", number("total").subtract(number("credit")), number("due"));
    boolean fits = digest(certificate, lines, adjustments).equals(text(certificate, "digest"));
    finding(
        fits,
        fits
            ? "its certificate was made of exactly this: SHA-256 " + text(certificate, "digest")
            : "its certificate was made of another one: something in it was changed");
  }

  private void finding(boolean holds, String text) {
    findings.add(new Finding(holds, text));
  }

  private void same(String rule, BigDecimal one, BigDecimal other) {
    boolean holds = one.compareTo(other) == 0;
    finding(
        holds,
        rule
            + ": "
            + (holds
                ? other.toPlainString()
                : "not so, " + one.toPlainString() + " and " + other.toPlainString()));
  }

  private static boolean isPriced(@Nullable Object line) {
    BigDecimal product = BigDecimal.ZERO;
    if (Json.at(line, "portions") instanceof List<?> portions) {
      for (Object portion : portions) {
        product = product.add(number(portion, "seconds").multiply(price(portion)));
      }
    } else if (hasUnits(line)) {
      product = number(line, "units").multiply(price(line));
    } else {
      product = number(line, "seconds").add(number(line, "minimumSeconds")).multiply(price(line));
    }
    BigDecimal perPrice = hasUnits(line) ? number(line, "unitsPerPrice") : SECONDS_PER_HOUR;
    BigDecimal off = product.subtract(number(line, "exactAmount").multiply(perPrice));
    return off.abs().compareTo(SIXTH_DECIMAL.multiply(perPrice)) < 0;
  }

  /// What is not metered in seconds.
  private static boolean hasUnits(@Nullable Object line) {
    return Json.at(line, "units") != null;
  }

  private static BigDecimal price(@Nullable Object of) {
    return number(of, "unitPricePerHour");
  }

  private static BigDecimal sum(List<?> rows, String field) {
    return rows.stream().map(row -> number(row, field)).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private String digest(Object certificate, List<?> lines, List<?> adjustments) {
    MessageDigest sha256 = sha256();
    add(
        sha256,
        "invoice",
        invoice,
        List.of("id", "number", "accountId", "period.start", "period.end", "currency"));
    add(sha256, "log", certificate, List.of("throughSeq", "logHead"));
    if (Json.at(certificate, "resourcesLogHead") != null) {
      add(sha256, "resources", certificate, List.of("resourcesThroughSeq", "resourcesLogHead"));
    }
    List<String> ofLine =
        List.of(
            "id",
            "resourceId",
            "meter",
            "sku",
            "priceBookId",
            "seconds",
            "minimumSeconds",
            "exactAmount",
            "amount");
    for (Object line : lines) {
      add(sha256, "line", line, ofLine);
      if (hasUnits(line)) {
        add(sha256, "units", line, List.of("units", "unit", "unitsPerPrice"));
      }
    }
    List<String> ofAdjustment = List.of("id", "kind", "exactAmount", "amount");
    adjustments.forEach(each -> add(sha256, "adjustment", each, ofAdjustment));
    add(
        sha256,
        "sums",
        invoice,
        List.of("exactTotal", "rounding", "net", "tax", "total", "credit", "due"));
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static void add(
      MessageDigest digest, String kind, @Nullable Object of, List<String> fields) {
    StringBuilder text = new StringBuilder(kind);
    fields.forEach(field -> text.append(' ').append(text(of, field)));
    digest.update(text.append('\n').toString().getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private List<?> list(String field) {
    if (Json.at(invoice, field) instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException("this is no invoice: it has no list '" + field + "'");
  }

  private BigDecimal number(String field) {
    return number(invoice, field);
  }

  private static String text(@Nullable Object of, String field) {
    Object value = Json.at(of, field);
    if (value instanceof String || value instanceof Number) {
      return value.toString();
    }
    throw new IllegalArgumentException("this is no invoice: it has no '" + field + "'");
  }

  private static BigDecimal number(@Nullable Object of, String field) {
    String text = text(of, field);
    if (text.length() > 60 || !text.matches("-?[0-9]+(\\.[0-9]+)?")) {
      throw new IllegalArgumentException(field + " must be a number, not '" + text + "'");
    }
    return new BigDecimal(text);
  }
}
