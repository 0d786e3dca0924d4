package brume.compute.billing;

import brume.compute.access.Caller;
import brume.compute.access.Needs;
import brume.compute.web.AnyParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/// Billing's paths, forwarded as they are: billing judges path, query, body and credential by
/// itself. What changes something there goes into the audit trail here. The credential is also
/// checked here, so that nobody reaches another service without one.
@RestController
class BillingController {
  private final BillingForward billing;

  BillingController(BillingForward billing) {
    this.billing = billing;
  }

  @GetMapping({
    "/v1/invoices",
    "/v1/invoices/**",
    "/v1/usage",
    "/v1/usage/**",
    "/v1/price-books",
    "/v1/price-books/*"
  })
  @Needs("GetBilling")
  @AnyParameters
  ResponseEntity<InputStreamResource> forward(Caller caller, HttpServletRequest request) {
    return billing.look(caller, request);
  }

  @PutMapping("/v1/price-books/{priceBookId}")
  @Needs("PublishPriceBook")
  @AnyParameters
  ResponseEntity<InputStreamResource> publishPriceBook(
      Caller caller, @PathVariable String priceBookId, HttpServletRequest request)
      throws IOException {
    return billing.change(caller, request, "PublishPriceBook", priceBookId);
  }

  @PutMapping("/v1/invoices/{invoiceId}/state")
  @Needs("SettleInvoice")
  @AnyParameters
  ResponseEntity<InputStreamResource> settle(
      Caller caller, @PathVariable String invoiceId, HttpServletRequest request)
      throws IOException {
    return billing.change(caller, request, "SettleInvoice", invoiceId);
  }

  @PutMapping("/v1/billing-periods/{month}")
  @Needs("CloseBillingPeriod")
  @AnyParameters
  ResponseEntity<InputStreamResource> close(
      Caller caller, @PathVariable String month, HttpServletRequest request) throws IOException {
    return billing.change(caller, request, "CloseBillingPeriod", month);
  }

  @GetMapping("/v1/billing-periods/{month}/audit")
  @Needs("AuditBillingPeriod")
  @AnyParameters
  ResponseEntity<InputStreamResource> audit(Caller caller, HttpServletRequest request) {
    return billing.look(caller, request);
  }

  @PutMapping("/v1/billing-periods/{month}/archive")
  @Needs("ArchiveBillingPeriod")
  @AnyParameters
  ResponseEntity<InputStreamResource> archive(
      Caller caller, @PathVariable String month, HttpServletRequest request) throws IOException {
    return billing.change(caller, request, "ArchiveBillingPeriod", month);
  }

  @GetMapping("/v1/billing-accounts/{accountId}/terms")
  @Needs("GetBillingTerms")
  @AnyParameters
  ResponseEntity<InputStreamResource> terms(Caller caller, HttpServletRequest request) {
    return billing.look(caller, request);
  }

  @PutMapping("/v1/billing-accounts/{accountId}/terms")
  @Needs("PutBillingTerms")
  @AnyParameters
  ResponseEntity<InputStreamResource> agree(
      Caller caller, @PathVariable String accountId, HttpServletRequest request)
      throws IOException {
    return billing.change(caller, request, "PutBillingTerms", accountId);
  }

  @GetMapping("/v1/billing-accounts/{accountId}/credits")
  @Needs("ListCredits")
  @AnyParameters
  ResponseEntity<InputStreamResource> credits(Caller caller, HttpServletRequest request) {
    return billing.look(caller, request);
  }

  @PutMapping("/v1/billing-accounts/{accountId}/credits/{creditId}")
  @Needs("GrantCredit")
  @AnyParameters
  ResponseEntity<InputStreamResource> grant(
      Caller caller, @PathVariable String creditId, HttpServletRequest request) throws IOException {
    return billing.change(caller, request, "GrantCredit", creditId);
  }
}
