package brume.compute.billing;

import brume.compute.access.Caller;
import brume.compute.access.Needs;
import brume.compute.web.AnyParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.core.io.InputStreamResource;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/// Billing's paths about what an account may spend, forwarded as they are.
@RestController
class SpendingController {
  private final BillingForward billing;

  SpendingController(BillingForward billing) {
    this.billing = billing;
  }

  @GetMapping({"/v1/budgets", "/v1/budget-alerts", "/v1/spending-limit", "/v1/wallet"})
  @Needs("GetBilling")
  @AnyParameters
  ResponseEntity<InputStreamResource> look(Caller caller, HttpServletRequest request) {
    return billing.look(caller, request);
  }

  @PutMapping("/v1/budgets/{budgetId}")
  @Needs("PutBudget")
  @AnyParameters
  ResponseEntity<InputStreamResource> putBudget(
      Caller caller, @PathVariable String budgetId, HttpServletRequest request) throws IOException {
    return billing.change(caller, request, "PutBudget", budgetId);
  }

  @DeleteMapping("/v1/budgets/{budgetId}")
  @Needs("DeleteBudget")
  @AnyParameters
  ResponseEntity<InputStreamResource> deleteBudget(
      Caller caller, @PathVariable String budgetId, HttpServletRequest request) throws IOException {
    return billing.change(caller, request, "DeleteBudget", budgetId);
  }

  @PutMapping("/v1/spending-limit")
  @Needs("PutSpendingLimit")
  @AnyParameters
  ResponseEntity<InputStreamResource> putLimit(Caller caller, HttpServletRequest request)
      throws IOException {
    return billing.change(caller, request, "PutSpendingLimit", caller.accountId());
  }

  @GetMapping("/v1/billing-webhook")
  @Needs("GetBillingWebhook")
  @AnyParameters
  ResponseEntity<InputStreamResource> webhook(Caller caller, HttpServletRequest request) {
    return billing.look(caller, request);
  }

  @PutMapping("/v1/billing-webhook")
  @Needs("PutBillingWebhook")
  @AnyParameters
  ResponseEntity<InputStreamResource> putWebhook(Caller caller, HttpServletRequest request)
      throws IOException {
    return billing.change(caller, request, "PutBillingWebhook", caller.accountId());
  }

  @DeleteMapping("/v1/billing-webhook")
  @Needs("DeleteBillingWebhook")
  @AnyParameters
  ResponseEntity<InputStreamResource> deleteWebhook(Caller caller, HttpServletRequest request)
      throws IOException {
    return billing.change(caller, request, "DeleteBillingWebhook", caller.accountId());
  }

  @GetMapping("/v1/billing-accounts/{accountId}/wallet")
  @Needs("GetAccountWallet")
  @AnyParameters
  ResponseEntity<InputStreamResource> wallet(Caller caller, HttpServletRequest request) {
    return billing.look(caller, request);
  }

  @PutMapping("/v1/billing-accounts/{accountId}/wallet")
  @Needs("PutAccountWallet")
  @AnyParameters
  ResponseEntity<InputStreamResource> prepay(
      Caller caller, @PathVariable String accountId, HttpServletRequest request)
      throws IOException {
    return billing.change(caller, request, "PutAccountWallet", accountId);
  }
}
