package brume.billing.web;

import brume.billing.invoice.CostQueries;
import brume.billing.invoice.CostSummary;
import brume.billing.invoice.Explanation;
import brume.billing.invoice.ExplanationQueries;
import brume.billing.invoice.Invoice;
import brume.billing.invoice.IssuedInvoices;
import brume.billing.invoice.MonthSum;
import brume.billing.invoice.MonthSums;
import brume.billing.rating.Period;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// What something costs so far, and why.
@RestController
class CostController {
  private static final String CURRENT = "current";
  private static final String TAG = "tag:";
  private static final int TAG_LENGTH_MAX = 127;
  private static final int RESOURCE_LENGTH_MAX = 64;
  private static final int YEAR_MONTHS = 12;
  private static final int MONTHS_MAX = 24;

  private final Authentication authentication;
  private final CostQueries costs;
  private final ExplanationQueries explanations;
  private final IssuedInvoices invoices;
  private final MonthSums sums;
  private final Clock clock;

  CostController(
      Authentication authentication,
      CostQueries costs,
      ExplanationQueries explanations,
      IssuedInvoices invoices,
      MonthSums sums,
      Clock clock) {
    this.authentication = authentication;
    this.costs = costs;
    this.explanations = explanations;
    this.invoices = invoices;
    this.sums = sums;
    this.clock = clock;
  }

  @GetMapping("/v1/usage/summary")
  CostSummary summary(
      HttpServletRequest request,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    Caller caller = authentication.caller(authorization);
    Parameters parameters = new Parameters(request, Set.of("groupBy", "resourceId"));
    String groupBy = parameters.text("groupBy", "service", TAG.length() + TAG_LENGTH_MAX);
    String resource = parameters.text("resourceId", "", RESOURCE_LENGTH_MAX);
    return costs.summary(
        caller.accountId(),
        groupBy(groupBy),
        groupBy,
        resource.isEmpty() ? null : resource,
        clock.instant());
  }

  /// The months of a report.
  record Months(List<MonthSum> items) {}

  @GetMapping("/v1/usage/months")
  Months months(
      HttpServletRequest request,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    Caller caller = authentication.caller(authorization);
    Parameters parameters = new Parameters(request, Set.of("from", "to"));
    YearMonth now = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
    YearMonth to = parameters.month("to", now);
    YearMonth from = parameters.month("from", to.minusMonths(YEAR_MONTHS - 1));
    if (from.isAfter(to) || from.plusMonths(MONTHS_MAX).compareTo(to) <= 0) {
      throw Refused.invalid(
          "from", "from must be " + to.minusMonths(MONTHS_MAX - 1) + " to " + to + ", not " + from);
    }
    return new Months(sums.of(caller.accountId(), Period.of(from).start(), Period.of(to).end()));
  }

  private static CostQueries.GroupBy groupBy(String text) {
    return switch (text) {
      case "service" -> new CostQueries.Service();
      case "type" -> new CostQueries.Type();
      case "instance" -> new CostQueries.Instance();
      case "day" -> new CostQueries.Day();
      case String tag when tag.startsWith(TAG) && tag.length() > TAG.length() ->
          new CostQueries.Tag(tag.substring(TAG.length()));
      default ->
          throw Refused.invalid(
              "groupBy",
              "groupBy must be service, type, instance, day or tag:KEY, not '"
                  + Parameters.shown(text)
                  + "'");
    };
  }

  @GetMapping("/v1/invoices/{id}/lines/{line}/explain")
  Explanation explain(
      HttpServletRequest request,
      @PathVariable String id,
      @PathVariable String line,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    Caller caller = authentication.caller(authorization);
    new Parameters(request, Set.of());
    return find(caller.accountId(), id, line)
        .orElseThrow(() ->
            Refused.notFound(
                "line_not_found",
                "lineId",
                "the invoice '"
                    + Parameters.shown(id)
                    + "' has no line of usage '"
                    + Parameters.shown(line)
                    + "'"));
  }

  private Optional<Explanation> find(String accountId, String id, String line) {
    if (id.equals(CURRENT)) {
      return explanations.ofDraft(accountId, line, clock.instant());
    }
    Optional<Invoice> head = invoices.find(accountId, id);
    return head.flatMap(
        invoice -> invoices.line(id, line).flatMap(each -> explanations.ofIssued(invoice, each)));
  }
}
