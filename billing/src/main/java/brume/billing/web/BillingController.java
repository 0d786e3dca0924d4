package brume.billing.web;

import brume.billing.invoice.Invoice;
import brume.billing.invoice.InvoiceQueries;
import brume.billing.invoice.InvoiceText;
import brume.billing.invoice.UsagePage;
import brume.billing.invoice.UsageQueries;
import brume.billing.meter.MeterStore;
import brume.billing.rating.Period;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// What an account may ask about its money. Both answers first take in what the log already says,
/// so that an instance that was just stopped is seen to be.
@RestController
class BillingController {
  private static final Logger LOG = LoggerFactory.getLogger(BillingController.class);
  private static final int FRESHEN_MAX = 1000;
  private static final MediaType TEXT = new MediaType("text", "plain", StandardCharsets.UTF_8);

  private final Authentication authentication;
  private final InvoiceQueries invoices;
  private final UsageQueries usage;
  private final List<MeterStore> meters;
  private final Clock clock;

  BillingController(
      Authentication authentication,
      InvoiceQueries invoices,
      UsageQueries usage,
      List<MeterStore> meters,
      Clock clock) {
    this.authentication = authentication;
    this.invoices = invoices;
    this.usage = usage;
    this.meters = meters;
    this.clock = clock;
  }

  @GetMapping("/v1/invoices/current")
  ResponseEntity<Object> currentInvoice(
      HttpServletRequest request,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization,
      @RequestHeader(name = "Accept", required = false) @Nullable String accept) {
    Caller caller = authentication.caller(authorization);
    new Parameters(request, Set.of());
    MediaType type = accepted(accept);
    freshen();
    Invoice invoice = invoices.current(caller.accountId(), caller.accountName(), clock.instant());
    return ResponseEntity.ok()
        .contentType(type)
        .body(type.equals(TEXT) ? InvoiceText.of(invoice) : invoice);
  }

  @GetMapping("/v1/usage")
  UsagePage usage(
      HttpServletRequest request,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    Caller caller = authentication.caller(authorization);
    Parameters parameters = new Parameters(request, Set.of("from", "to", "limit", "cursor"));
    Instant now = clock.instant();
    Period month = Period.monthOf(now);
    Instant from = parameters.time("from", month.start());
    Instant to = parameters.time("to", month.end());
    if (!to.isAfter(from)) {
      throw Refused.invalid("to", "to must be after from " + from + ", not " + to);
    }
    int limit = parameters.limit();
    long after = parameters.after();
    freshen();
    UsagePage page = usage.page(caller.accountId(), from, to, now, after, limit);
    String next = page.nextCursor();
    return next == null ? page : new UsagePage(page.items(), Parameters.cursor(next));
  }

  /// A meter that stands still must not keep anyone from seeing what is metered: its loop reports
  /// it.
  private void freshen() {
    try {
      meters.forEach(meter -> meter.catchUp(FRESHEN_MAX));
    } catch (RuntimeException e) {
      LOG.debug("answering with what is metered so far", e);
    }
  }

  /// JSON, unless text is liked better.
  private static MediaType accepted(@Nullable String accept) {
    if (accept == null || accept.isBlank()) {
      return MediaType.APPLICATION_JSON;
    }
    List<MediaType> wanted;
    try {
      wanted = MediaType.parseMediaTypes(accept);
    } catch (InvalidMediaTypeException e) {
      throw Refused.notAcceptable("the Accept header is not a list of media types");
    }
    return wanted.stream()
        .filter(type -> type.getQualityValue() > 0)
        .filter(type -> type.includes(MediaType.APPLICATION_JSON) || type.includes(TEXT))
        .sorted(Comparator.comparingDouble(MediaType::getQualityValue).reversed())
        .findFirst()
        .map(type -> type.includes(MediaType.APPLICATION_JSON) ? MediaType.APPLICATION_JSON : TEXT)
        .orElseThrow(
            () -> Refused.notAcceptable("this answers with application/json or text/plain"));
  }
}
