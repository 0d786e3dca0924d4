package brume.billing.export;

import brume.billing.invoice.Invoice;
import brume.billing.invoice.IssuedInvoices;
import java.io.OutputStream;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An issued invoice as JSON, the same as of the whole [Invoice], its lines written as they are
/// read.
public final class InvoiceJson {
  private static final JsonMapper JSON = JsonMapper.shared();

  private InvoiceJson() {}

  public static void write(Invoice head, IssuedInvoices invoices, OutputStream out) {
    try (JsonGenerator json = JSON.createGenerator(out, JsonEncoding.UTF8)) {
      json.writeStartObject();
      for (Map.Entry<String, JsonNode> field : JSON.valueToTree(head).properties()) {
        switch (field.getKey()) {
          case "lines" -> lines(json, head, invoices);
          case "adjustments" -> {}
          default -> {
            json.writeName(field.getKey());
            json.writeTree(field.getValue());
          }
        }
      }
      json.writeEndObject();
    }
  }

  /// Usage comes first, and what is no usage is a list of its own.
  private static void lines(JsonGenerator json, Invoice head, IssuedInvoices invoices) {
    boolean[] adjustments = new boolean[1];
    json.writeName("lines");
    json.writeStartArray();
    invoices.lines(
        Objects.requireNonNull(head.id()),
        line -> {
          if (line.isUsage()) {
            json.writePOJO(line.asLine());
            return;
          }
          if (!adjustments[0]) {
            turn(json);
            adjustments[0] = true;
          }
          json.writePOJO(line.asAdjustment());
        });
    if (!adjustments[0]) {
      turn(json);
    }
    json.writeEndArray();
  }

  private static void turn(JsonGenerator json) {
    json.writeEndArray();
    json.writeName("adjustments");
    json.writeStartArray();
  }
}
