package brume.billing.web;

import brume.billing.BillingSettings;
import brume.billing.budget.SpendingWatch;
import brume.billing.terms.AccountTerms;
import brume.billing.terms.TermsStore;
import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// What is agreed with accounts and what they have paid ahead, for operators of the cloud.
@RestController
class TermsController {
  private static final Pattern CREDIT_ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}");
  private static final int NOTE_LENGTH_MAX = 200;

  private final OperatedAccounts accounts;
  private final TermsStore terms;
  private final SpendingWatch watch;
  private final Currency currency;

  TermsController(
      OperatedAccounts accounts, TermsStore terms, SpendingWatch watch, BillingSettings settings) {
    this.accounts = accounts;
    this.watch = watch;
    this.terms = terms;
    this.currency = Currency.getInstance(settings.currency());
  }

  /// As it is sent; what is absent is as usual.
  record Terms(
      @Nullable String country,
      @Nullable String customerKind,
      @Nullable String taxId,
      @Nullable String zone,
      @Nullable Integer paymentDays,
      @Nullable Integer discountBasisPoints,
      @Nullable Long commitmentMicros) {
    AccountTerms complete() {
      AccountTerms usual = AccountTerms.USUAL;
      return new AccountTerms(
          country == null ? usual.country() : country,
          customerKind == null ? usual.customerKind() : customerKind,
          taxId,
          zone == null ? usual.zone() : zone,
          paymentDays == null ? usual.paymentDays() : paymentDays,
          discountBasisPoints == null ? usual.discountBasisPoints() : discountBasisPoints,
          commitmentMicros == null ? usual.commitmentMicros() : commitmentMicros);
    }
  }

  /// A credit as it is sent.
  record Grant(@Nullable String amount, @Nullable Instant expiresAt, @Nullable String note) {}

  /// A credit as it is shown.
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record CreditView(
      String id,
      String amount,
      String left,
      String currency,
      @Nullable Instant expiresAt,
      String note) {
    private static CreditView of(TermsStore.Granted granted) {
      return new CreditView(
          granted.credit().id(),
          granted.amount().toPlainString(),
          granted.credit().left().toPlainString(),
          granted.currency(),
          granted.credit().expiresAt(),
          granted.note());
    }
  }

  record Credits(List<CreditView> items) {}

  @GetMapping("/v1/billing-accounts/{account}/terms")
  AccountTerms terms(
      HttpServletRequest request,
      @PathVariable String account,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    accounts.admit(request, account, authorization);
    return terms.of(account);
  }

  @PutMapping("/v1/billing-accounts/{account}/terms")
  AccountTerms agree(
      HttpServletRequest request,
      @PathVariable String account,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization)
      throws IOException {
    accounts.admit(request, account, authorization);
    try {
      terms.put(account, InvoiceController.body(request, Terms.class).complete());
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw Refused.invalid(message.substring(0, message.indexOf(' ')), message);
    }
    return terms.of(account);
  }

  @GetMapping("/v1/billing-accounts/{account}/credits")
  Credits credits(
      HttpServletRequest request,
      @PathVariable String account,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    accounts.admit(request, account, authorization);
    return new Credits(
        terms.credits(account, currency.getCurrencyCode()).stream().map(CreditView::of).toList());
  }

  /// The same grant again changes nothing, so that a lost answer may be asked for again.
  @PutMapping("/v1/billing-accounts/{account}/credits/{id}")
  Credits grant(
      HttpServletRequest request,
      @PathVariable String account,
      @PathVariable String id,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization)
      throws IOException {
    accounts.admit(request, account, authorization);
    if (!CREDIT_ID.matcher(id).matches()) {
      throw Refused.invalid("creditId", "creditId must match " + CREDIT_ID);
    }
    Grant grant = InvoiceController.body(request, Grant.class);
    String note = grant.note() == null ? "" : grant.note();
    if (note.length() > NOTE_LENGTH_MAX) {
      throw Refused.invalid("note", "note must have 0 to " + NOTE_LENGTH_MAX + " characters");
    }
    if (!terms.grant(
        id,
        account,
        Amounts.coins("amount", grant.amount(), currency),
        currency.getCurrencyCode(),
        grant.expiresAt(),
        note)) {
      throw Refused.conflict(
          "credit_conflict", "creditId", "there is another credit '" + id + "': choose another id");
    }
    watch.look(account); // an empty wallet is not empty any more
    return new Credits(
        terms.credits(account, currency.getCurrencyCode()).stream().map(CreditView::of).toList());
  }
}
