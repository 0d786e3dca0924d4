package brume.billing.export;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// An auditor by the book: checks an issued invoice as JSON, by what docs/0012 says of it and
/// without billing's own code: that its sums add up, that each line is its seconds at its prices,
/// and that it is what its certificate was made of. Pure.
final class InvoiceProof {
  /// No share of a sum is off by a whole last digit.
  private static final BigDecimal SIXTH_DECIMAL = new BigDecimal("0.000001");

  private static final BigDecimal SECONDS_PER_HOUR = BigDecimal.valueOf(3600);

  private final JsonNode invoice;
  private final List<String> faults = new ArrayList<>();

  private InvoiceProof(JsonNode invoice) {
    this.invoice = invoice;
  }

  /// What is wrong with it, empty when nothing is.
  static List<String> faults(JsonNode invoice) {
    InvoiceProof proof = new InvoiceProof(invoice);
    try {
      proof.check();
    } catch (IllegalArgumentException e) {
      proof.faults.add(String.valueOf(e.getMessage()));
    }
    return List.copyOf(proof.faults);
  }

  private void check() {
    BigDecimal exact = BigDecimal.ZERO;
    BigDecimal coins = BigDecimal.ZERO;
    for (String rows : new String[] {"lines", "adjustments"}) {
      for (JsonNode row : list(invoice, rows)) {
        exact = exact.add(number(row, "exactAmount"));
        coins = coins.add(number(row, "amount"));
      }
    }
    list(invoice, "lines").forEach(this::checkPrice);
    same("the exact amounts add up to exactTotal", exact, number(invoice, "exactTotal"));
    same("the amounts add up to net", coins, number(invoice, "net"));
    same(
        "exactTotal + rounding = net",
        number(invoice, "exactTotal").add(number(invoice, "rounding")),
        number(invoice, "net"));
    same(
        "net + tax = total",
        number(invoice, "net").add(number(invoice, "tax")),
        number(invoice, "total"));
    same(
        "total - credit = due",
        number(invoice, "total").subtract(number(invoice, "credit")),
        number(invoice, "due"));
    JsonNode certificate = invoice.path("certificate");
    if (!certificate.isObject()) {
      faults.add("there is no certificate: it is a draft, or not an invoice as it was issued");
    } else if (!digest(certificate).equals(text(certificate, "digest"))) {
      faults.add("the certificate is not of this invoice: something in it was changed");
    }
  }

  private void checkPrice(JsonNode line) {
    BigDecimal product = BigDecimal.ZERO;
    JsonNode portions = line.path("portions");
    if (portions.isArray()) {
      for (JsonNode portion : portions) {
        product = product.add(number(portion, "seconds").multiply(price(portion)));
      }
    } else if (line.has("units")) {
      product = number(line, "units").multiply(price(line));
    } else {
      product = number(line, "seconds").add(number(line, "minimumSeconds")).multiply(price(line));
    }
    BigDecimal perPrice =
        line.has("unitsPerPrice") ? number(line, "unitsPerPrice") : SECONDS_PER_HOUR;
    BigDecimal off = product.subtract(number(line, "exactAmount").multiply(perPrice));
    if (off.abs().compareTo(SIXTH_DECIMAL.multiply(perPrice)) >= 0) {
      faults.add("line " + text(line, "id") + " is not its seconds at its price");
    }
  }

  private static BigDecimal price(JsonNode of) {
    return number(of, "unitPricePerHour");
  }

  private String digest(JsonNode certificate) {
    StringBuilder text = new StringBuilder();
    JsonNode period = invoice.path("period");
    row(text, "invoice", invoice, "id", "number", "accountId");
    text.setLength(text.length() - 1);
    text.append(' ').append(text(period, "start")).append(' ').append(text(period, "end"));
    text.append(' ').append(text(invoice, "currency")).append('\n');
    row(text, "log", certificate, "throughSeq", "logHead");
    if (certificate.has("resourcesLogHead")) {
      row(text, "resources", certificate, "resourcesThroughSeq", "resourcesLogHead");
    }
    for (JsonNode line : list(invoice, "lines")) {
      row(
          text,
          "line",
          line,
          "id",
          "resourceId",
          "meter",
          "sku",
          "priceBookId",
          "seconds",
          "minimumSeconds",
          "exactAmount",
          "amount");
      if (line.has("units")) {
        row(text, "units", line, "units", "unit", "unitsPerPrice");
      }
    }
    for (JsonNode each : list(invoice, "adjustments")) {
      row(text, "adjustment", each, "id", "kind", "exactAmount", "amount");
    }
    row(text, "sums", invoice, "exactTotal", "rounding", "net", "tax", "total", "credit", "due");
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(sha256.digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void row(StringBuilder text, String kind, JsonNode of, String... fields) {
    text.append(kind);
    for (String field : fields) {
      text.append(' ').append(text(of, field));
    }
    text.append('\n');
  }

  private void same(String rule, BigDecimal one, BigDecimal other) {
    if (one.compareTo(other) != 0) {
      faults.add(rule + " does not hold: " + one.toPlainString() + " and " + other.toPlainString());
    }
  }

  private static JsonNode list(JsonNode of, String field) {
    JsonNode list = of.path(field);
    if (!list.isArray()) {
      throw new IllegalArgumentException("this is no invoice: it has no list '" + field + "'");
    }
    return list;
  }

  private static String text(JsonNode of, String field) {
    JsonNode value = of.path(field);
    if (!value.isValueNode()) {
      throw new IllegalArgumentException("this is no invoice: it has no '" + field + "'");
    }
    return value.asString();
  }

  private static BigDecimal number(JsonNode of, String field) {
    try {
      return new BigDecimal(text(of, field));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          field + " must be a number, not '" + text(of, field) + "'", e);
    }
  }
}
