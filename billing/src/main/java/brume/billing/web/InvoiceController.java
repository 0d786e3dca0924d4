package brume.billing.web;

import brume.billing.export.FocusCsv;
import brume.billing.export.FocusParquet;
import brume.billing.export.InvoiceCsv;
import brume.billing.export.InvoiceJson;
import brume.billing.export.InvoicePdf;
import brume.billing.invoice.Invoice;
import brume.billing.invoice.InvoiceStore;
import brume.billing.invoice.InvoiceText;
import brume.billing.invoice.IssuedInvoices;
import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// What was issued, in each of its forms; lines are written as they are read.
@RestController
class InvoiceController {
  private static final int BODY_BYTES_MAX = 10_000;
  private static final int NOTE_LENGTH_MAX = 200;
  private static final MediaType PARQUET =
      MediaType.parseMediaType("application/vnd.apache.parquet");
  private static final List<String> FORMATS =
      List.of("json", "text", "csv", "focus", "focus-parquet", "pdf");
  private static final JsonMapper STRICT =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final Authentication authentication;
  private final IssuedInvoices invoices;
  private final InvoiceStore store;

  InvoiceController(Authentication authentication, IssuedInvoices invoices, InvoiceStore store) {
    this.authentication = authentication;
    this.invoices = invoices;
    this.store = store;
  }

  /// Invoices without their lines.
  record Invoices(List<Summary> items) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Summary(
      String id,
      String number,
      String state,
      brume.billing.rating.Period period,
      java.time.Instant issuedAt,
      java.time.Instant dueAt,
      String currency,
      String total,
      String due) {}

  /// What an operator says of an invoice.
  record Settlement(@Nullable String state, @Nullable String note) {}

  @GetMapping("/v1/invoices")
  Invoices list(
      HttpServletRequest request,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    Caller caller = authentication.caller(authorization);
    new Parameters(request, Set.of());
    return new Invoices(
        invoices.of(caller.accountId()).stream().map(InvoiceController::summary).toList());
  }

  private static Summary summary(Invoice invoice) {
    return new Summary(
        java.util.Objects.requireNonNull(invoice.id()),
        invoice.numberText(),
        invoice.state(),
        invoice.period(),
        java.util.Objects.requireNonNull(invoice.issuedAt()),
        java.util.Objects.requireNonNull(invoice.dueAt()),
        invoice.currency(),
        invoice.total(),
        invoice.due());
  }

  /// Files are written straight to the client, as their lines are read; null says that it was done.
  @GetMapping("/v1/invoices/{id}")
  @Nullable ResponseEntity<Object> get(
      HttpServletRequest request,
      HttpServletResponse response,
      @PathVariable String id,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization)
      throws IOException {
    Caller caller = authentication.caller(authorization);
    String format =
        new Parameters(request, Set.of("format")).oneOf("format", FORMATS, FORMATS.getFirst());
    Invoice head = invoices.find(caller.accountId(), id).orElseThrow(() -> notFound(id));
    switch (format) {
      case "json" -> {
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        InvoiceJson.write(head, invoices, response.getOutputStream());
      }
      case "text" -> {
        return ResponseEntity.ok()
            .contentType(new MediaType("text", "plain", StandardCharsets.UTF_8))
            .body(InvoiceText.of(invoices.whole(head)));
      }
      case "csv" -> table(response, head, ".csv", InvoiceCsv::write);
      case "focus" -> table(response, head, "-focus.csv", FocusCsv::write);
      case "focus-parquet" -> {
        file(response, head, "-focus.parquet", PARQUET);
        FocusParquet.write(head, invoices, response.getOutputStream());
      }
      default -> {
        file(response, head, ".pdf", MediaType.APPLICATION_PDF);
        InvoicePdf.write(head, invoices, response.getOutputStream());
      }
    }
    return null;
  }

  private interface Table {
    void write(Invoice head, IssuedInvoices invoices, Writer out);
  }

  private void table(HttpServletResponse response, Invoice head, String suffix, Table table)
      throws IOException {
    file(response, head, suffix, new MediaType("text", "csv", StandardCharsets.UTF_8));
    Writer writer = new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8);
    table.write(head, invoices, writer);
    writer.flush();
  }

  private static void file(
      HttpServletResponse response, Invoice head, String suffix, MediaType type) {
    response.setContentType(type.toString());
    response.setHeader(
        HttpHeaders.CONTENT_DISPOSITION,
        "attachment; filename=\"" + head.numberText() + suffix + "\"");
  }

  @PutMapping("/v1/invoices/{id}/state")
  Summary settle(
      HttpServletRequest request,
      @PathVariable String id,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization)
      throws IOException {
    authentication.caller(authorization).requireCloudOperator();
    new Parameters(request, Set.of());
    Settlement settlement = body(request, Settlement.class);
    String state = settlement.state();
    if (state == null || !List.of("paid", "voided").contains(state)) {
      throw Refused.invalid("state", "state must be 'paid' or 'voided'");
    }
    String note = settlement.note() == null ? "" : settlement.note();
    if (note.length() > NOTE_LENGTH_MAX) {
      throw Refused.invalid("note", "note must have 0 to " + NOTE_LENGTH_MAX + " characters");
    }
    Invoice before = invoices.find(null, id).orElseThrow(() -> notFound(id));
    if (!store.settle(id, state, note)) {
      throw Refused.conflict(
          "incorrect_state",
          "state",
          "an invoice that is " + before.state() + " can't be " + state);
    }
    return summary(invoices.find(null, id).orElseThrow());
  }

  static <T> T body(HttpServletRequest request, Class<T> type) throws IOException {
    byte[] body = request.getInputStream().readNBytes(BODY_BYTES_MAX);
    T value;
    try {
      value = STRICT.readValue(body, type);
    } catch (JacksonException e) {
      throw Refused.invalid("body", "the body is not what it must be: " + e.getOriginalMessage());
    }
    if (value == null) {
      throw Refused.invalid("body", "the body must be an object");
    }
    return value;
  }

  private static Refused notFound(String id) {
    return Refused.notFound(
        "invoice_not_found",
        "invoiceId",
        "there is no invoice '" + Parameters.shown(id) + "' of yours: GET /v1/invoices lists them");
  }
}
