package brume.billing.web;

import brume.billing.archive.UsageArchive;
import brume.billing.invoice.MonthClose;
import brume.billing.invoice.UsageAudit;
import brume.billing.rating.Period;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// Months, for operators of the cloud: the audit, and closing.
@RestController
class PeriodController {
  private static final int SHOWN_MAX = 100;

  private final Authentication authentication;
  private final MonthClose close;
  private final UsageAudit audit;
  private final UsageArchive archive;
  private final Clock clock;

  PeriodController(
      Authentication authentication,
      MonthClose close,
      UsageAudit audit,
      UsageArchive archive,
      Clock clock) {
    this.authentication = authentication;
    this.close = close;
    this.audit = audit;
    this.archive = archive;
    this.clock = clock;
  }

  /// @param differences the first ones
  /// @param wronglyRated the first accounts whose lines do not add up
  /// @param wronglySummed the first issued invoices whose sums for reports are not their lines'
  record Audit(
      boolean agrees,
      long throughSeq,
      long resourcesThroughSeq,
      long transitions,
      int resources,
      int differencesTotal,
      List<UsageAudit.Difference> differences,
      List<String> wronglyRated,
      List<String> wronglySummed,
      boolean logIsWhole) {}

  /// @param waiting accounts whose log moved meanwhile: close again
  record Closed(String month, int issued, int unchanged, int waiting, Audit audit) {}

  @GetMapping("/v1/billing-periods/{month}/audit")
  Audit audit(
      HttpServletRequest request,
      @PathVariable String month,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    authentication.caller(authorization).requireCloudOperator();
    new Parameters(request, Set.of());
    Period period = Period.of(Parameters.month("month", month));
    Instant now = clock.instant();
    return view(audit.check(period, now.isBefore(period.closedAsOf()) ? now : period.closedAsOf()));
  }

  @PutMapping("/v1/billing-periods/{month}")
  Closed close(
      HttpServletRequest request,
      @PathVariable String month,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    authentication.caller(authorization).requireCloudOperator();
    new Parameters(request, Set.of());
    Period period = Period.of(Parameters.month("month", month));
    if (clock.instant().isBefore(close.opens(period))) {
      throw Refused.conflict(
          "period_open", "month", month + " can be closed from " + close.opens(period) + " on");
    }
    MonthClose.Outcome outcome = close.close(period);
    return new Closed(
        month, outcome.issued(), outcome.unchanged(), outcome.waiting(), view(outcome.audit()));
  }

  @PutMapping("/v1/billing-periods/{month}/archive")
  UsageArchive.Archived archive(
      HttpServletRequest request,
      @PathVariable String month,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    authentication.caller(authorization).requireCloudOperator();
    new Parameters(request, Set.of());
    return archive.archive(Period.of(Parameters.month("month", month)));
  }

  private static Audit view(UsageAudit.Verdict verdict) {
    return new Audit(
        verdict.agrees(),
        verdict.through().seq(),
        verdict.through().resourcesSeq(),
        verdict.transitions(),
        verdict.resources(),
        verdict.differences().size(),
        verdict.differences().stream().limit(SHOWN_MAX).toList(),
        verdict.wronglyRated().stream().limit(SHOWN_MAX).toList(),
        verdict.wronglySummed(),
        verdict.logIsWhole());
  }
}
