package brume.billing.web;

import brume.billing.BillingSettings;
import brume.billing.budget.Budget;
import brume.billing.budget.BudgetStore;
import brume.billing.budget.SpendingStore;
import brume.billing.budget.SpendingWatch;
import brume.billing.webhook.WebhookStore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Currency;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// Budgets, and what was told of them. Everyone in an account reads them; its owners change them.
@RestController
class BudgetController {
  private final Authentication authentication;
  private final BudgetStore budgets;
  private final SpendingStore spending;
  private final SpendingWatch watch;
  private final WebhookStore webhooks;
  private final Currency currency;

  BudgetController(
      Authentication authentication,
      BudgetStore budgets,
      SpendingStore spending,
      SpendingWatch watch,
      WebhookStore webhooks,
      BillingSettings settings) {
    this.authentication = authentication;
    this.budgets = budgets;
    this.spending = spending;
    this.watch = watch;
    this.webhooks = webhooks;
    this.currency = Currency.getInstance(settings.currency());
  }

  /// A budget as it is sent.
  record Wanted(
      @Nullable String amount,
      Budget.@Nullable Tag tag,
      @Nullable List<Integer> actual,
      @Nullable List<Integer> forecast) {}

  /// A budget with what is spent of it.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record View(
      String id,
      String amount,
      String currency,
      Budget.@Nullable Tag tag,
      List<Integer> actual,
      List<Integer> forecast,
      String spent,
      String forecastAmount) {}

  record Budgets(List<View> items) {}

  /// An alert with how it was delivered.
  record AlertView(
      @JsonUnwrapped brume.billing.budget.Alert alert,
      String delivery,
      List<WebhookStore.Try> tries) {}

  record Alerts(List<AlertView> items) {}

  @GetMapping("/v1/budgets")
  Budgets list(
      HttpServletRequest request,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    Caller caller = authentication.caller(authorization);
    new Parameters(request, Set.of());
    return views(caller.accountId());
  }

  @PutMapping("/v1/budgets/{id}")
  View put(
      HttpServletRequest request,
      @PathVariable String id,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization)
      throws IOException {
    Caller caller = authentication.caller(authorization).requireOwner();
    new Parameters(request, Set.of());
    Wanted wanted = InvoiceController.body(request, Wanted.class);
    Budget budget;
    try {
      budget =
          new Budget(
              id,
              Amounts.coins("amount", wanted.amount(), currency),
              wanted.tag(),
              wanted.actual() == null ? List.of() : wanted.actual(),
              wanted.forecast() == null ? List.of() : wanted.forecast());
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw Refused.invalid(message.substring(0, message.indexOf(' ')), message);
    }
    if (!budgets.put(caller.accountId(), budget)) {
      throw Refused.conflict(
          "quota_exceeded",
          "budgetId",
          "the account has " + BudgetStore.BUDGETS_MAX + " budgets, as many as it may have");
    }
    spending.watch(caller.accountId());
    watch.look(caller.accountId());
    return views(caller.accountId()).items().stream()
        .filter(view -> view.id().equals(id))
        .findFirst()
        .orElseThrow(() -> notFound(id));
  }

  @DeleteMapping("/v1/budgets/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(
      HttpServletRequest request,
      @PathVariable String id,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    Caller caller = authentication.caller(authorization).requireOwner();
    new Parameters(request, Set.of());
    if (!budgets.delete(caller.accountId(), id)) {
      throw notFound(id);
    }
  }

  @GetMapping("/v1/budget-alerts")
  Alerts alerts(
      HttpServletRequest request,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    Caller caller = authentication.caller(authorization);
    new Parameters(request, Set.of());
    return new Alerts(
        webhooks.alerts(caller.accountId()).stream()
            .map(told -> new AlertView(told.alert(), told.state(), told.tries()))
            .toList());
  }

  private Budgets views(String account) {
    return new Budgets(
        watch.measured(account).entrySet().stream()
            .map(each -> {
              Budget budget = each.getKey();
              return new View(
                  budget.id(),
                  budget.amount().toPlainString(),
                  currency.getCurrencyCode(),
                  budget.tag(),
                  budget.actual(),
                  budget.forecast(),
                  each.getValue().actual().toPlainString(),
                  each.getValue().forecast().toPlainString());
            })
            .toList());
  }

  private static Refused notFound(String id) {
    return Refused.notFound(
        "budget_not_found", "budgetId", "there is no budget '" + Parameters.shown(id) + "'");
  }
}
