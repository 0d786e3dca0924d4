package brume.compute.audit;

import brume.compute.access.Caller;
import brume.compute.access.Needs;
import brume.compute.audit.AuditQueries.AuditEntry;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import brume.compute.web.Times;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;
import tools.jackson.databind.json.JsonMapper;

/// `/v1/audit` in pages, and `/v1/audit/export` all at once, written while it is read.
@RestController
class AuditController {
  private static final List<String> OUTCOMES = List.of("done", "refused");
  private static final List<String> FORMATS = List.of("csv", "jsonl");
  private static final int EXPORTS_MAX = 8;
  private static final int CHUNK = 1000;
  private static final MediaType CSV = new MediaType("text", "csv", StandardCharsets.UTF_8);
  private static final MediaType LINES =
      new MediaType("application", "x-ndjson", StandardCharsets.UTF_8);

  private final Semaphore exports = new Semaphore(EXPORTS_MAX);
  private final AuditQueries queries;
  private final JsonMapper json;

  AuditController(AuditQueries queries, JsonMapper json) {
    this.queries = queries;
    this.json = json;
  }

  @GetMapping("/v1/audit")
  @Needs("ListAuditEntries")
  Page<AuditEntry> list(
      Caller caller,
      @RequestParam(value = "action", required = false) @Nullable String action,
      @RequestParam(value = "outcome", required = false) @Nullable String outcome,
      @RequestParam(value = "principal", required = false) @Nullable String principal,
      @RequestParam(value = "resource", required = false) @Nullable String resource,
      @RequestParam(value = "requestId", required = false) @Nullable String requestId,
      @RequestParam(value = "from", required = false) @Nullable String from,
      @RequestParam(value = "to", required = false) @Nullable String to,
      Paging paging) {
    AuditQueries.Filter filter = filter(action, outcome, principal, resource, requestId, from, to);
    return Page.of(
        paging,
        queries.list(caller.accountId(), filter, paging.after(), paging.oneMore()),
        AuditEntry::id);
  }

  @GetMapping("/v1/audit/export")
  @Needs("ListAuditEntries")
  ResponseEntity<StreamingResponseBody> export(
      Caller caller,
      @RequestParam("format") String format,
      @RequestParam(value = "action", required = false) @Nullable String action,
      @RequestParam(value = "outcome", required = false) @Nullable String outcome,
      @RequestParam(value = "principal", required = false) @Nullable String principal,
      @RequestParam(value = "resource", required = false) @Nullable String resource,
      @RequestParam(value = "requestId", required = false) @Nullable String requestId,
      @RequestParam(value = "from", required = false) @Nullable String from,
      @RequestParam(value = "to", required = false) @Nullable String to) {
    boolean csv = Fields.oneOf("format", format, FORMATS).equals("csv");
    AuditQueries.Filter filter = filter(action, outcome, principal, resource, requestId, from, to);
    Function<AuditEntry, String> line =
        csv ? AuditText::line : entry -> json.writeValueAsString(entry) + "\n";
    StreamingResponseBody body =
        out -> write(out, csv ? AuditText.HEADER : "", caller.accountId(), filter, line);
    if (!exports.tryAcquire()) {
      throw new Refused(
          new Refusal.Busy(
              "too_many_exports", "already " + EXPORTS_MAX + " exports run; ask again", 5));
    }
    return ResponseEntity.ok().contentType(csv ? CSV : LINES).body(body);
  }

  private void write(
      OutputStream out,
      String header,
      String accountId,
      AuditQueries.Filter filter,
      Function<AuditEntry, String> line)
      throws IOException {
    try {
      out.write(header.getBytes(StandardCharsets.UTF_8));
      String after = null;
      while (true) {
        List<AuditEntry> chunk = queries.list(accountId, filter, after, CHUNK);
        for (AuditEntry entry : chunk) {
          out.write(line.apply(entry).getBytes(StandardCharsets.UTF_8));
        }
        if (chunk.size() < CHUNK) {
          return;
        }
        after = chunk.getLast().id();
      }
    } finally {
      exports.release();
    }
  }

  private static AuditQueries.Filter filter(
      @Nullable String action,
      @Nullable String outcome,
      @Nullable String principal,
      @Nullable String resource,
      @Nullable String requestId,
      @Nullable String from,
      @Nullable String to) {
    return new AuditQueries.Filter(
        text("action", action),
        outcome == null ? null : Fields.oneOf("outcome", outcome, OUTCOMES),
        text("principal", principal),
        text("resource", resource),
        text("requestId", requestId),
        Times.parse("from", from),
        Times.parse("to", to));
  }

  private static @Nullable String text(String field, @Nullable String value) {
    return value == null ? null : Fields.text(field, value, 1, 64);
  }
}
