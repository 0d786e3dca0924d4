package brume.billing.web;

import brume.billing.BillingSettings;
import brume.billing.budget.Spending;
import brume.billing.budget.SpendingStore;
import brume.billing.budget.SpendingWatch;
import brume.billing.budget.Wallet;
import brume.billing.budget.WalletQueries;
import brume.billing.webhook.WebhookAddress;
import brume.billing.webhook.WebhookStore;
import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.Currency;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// What stops an account's launches, and where it is told of it: the limit that its owners choose,
/// the wallet that operators of the cloud fill, the webhook.
@RestController
class SpendingController {
  private static final int SECRET_BYTES = 32;

  private final Authentication authentication;
  private final OperatedAccounts accounts;
  private final SpendingStore store;
  private final SpendingWatch watch;
  private final WalletQueries wallets;
  private final WebhookStore webhooks;
  private final Clock clock;
  private final RandomGenerator random;
  private final Currency currency;
  private final boolean privateAddresses;

  SpendingController(
      Authentication authentication,
      OperatedAccounts accounts,
      SpendingStore store,
      SpendingWatch watch,
      WalletQueries wallets,
      WebhookStore webhooks,
      Clock clock,
      RandomGenerator random,
      BillingSettings settings) {
    this.authentication = authentication;
    this.accounts = accounts;
    this.store = store;
    this.watch = watch;
    this.wallets = wallets;
    this.webhooks = webhooks;
    this.clock = clock;
    this.random = random;
    this.currency = Currency.getInstance(settings.currency());
    this.privateAddresses = settings.webhookPrivateAddresses();
  }

  record Limit(@Nullable String amount, @Nullable Boolean stopInstances) {}

  /// @param stop why nothing may be launched or started; absent while it may
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record LimitView(
      @Nullable String amount,
      String currency,
      boolean stopInstances,
      @Nullable String spent,
      @Nullable Instant asOf,
      Spending.@Nullable Stop stop) {}

  record Webhook(@Nullable String url) {}

  /// @param secret shown once, when it is made
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record WebhookView(String url, @Nullable String secret) {}

  record Prepaying(@Nullable Boolean prepaid) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record MovementView(
      Instant at, String creditId, @Nullable String invoiceId, String amount, String note) {}

  record WalletView(
      boolean prepaid,
      String currency,
      String balance,
      String paidAhead,
      String owed,
      String running,
      List<MovementView> movements) {}

  @GetMapping("/v1/spending-limit")
  LimitView limit(
      HttpServletRequest request,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    Caller caller = authentication.caller(authorization);
    new Parameters(request, Set.of());
    return view(store.of(caller.accountId()));
  }

  @PutMapping("/v1/spending-limit")
  LimitView putLimit(
      HttpServletRequest request,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization)
      throws IOException {
    Caller caller = authentication.caller(authorization).requireOwner();
    new Parameters(request, Set.of());
    Limit wanted = InvoiceController.body(request, Limit.class);
    store.choose(
        caller.accountId(),
        wanted.amount() == null ? null : Amounts.coins("amount", wanted.amount(), currency),
        Boolean.TRUE.equals(wanted.stopInstances()));
    watch.look(caller.accountId());
    return view(store.of(caller.accountId()));
  }

  private LimitView view(Spending spending) {
    return new LimitView(
        Amounts.text(spending.limit()),
        currency.getCurrencyCode(),
        spending.stopsInstances(),
        Amounts.text(spending.spent()),
        spending.lookedAt(),
        spending.stop());
  }

  @GetMapping("/v1/wallet")
  WalletView wallet(
      HttpServletRequest request,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    Caller caller = authentication.caller(authorization);
    new Parameters(request, Set.of());
    return wallet(caller.accountId());
  }

  @GetMapping("/v1/billing-accounts/{account}/wallet")
  WalletView walletOf(
      HttpServletRequest request,
      @PathVariable String account,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    accounts.admit(request, account, authorization);
    return wallet(account);
  }

  @PutMapping("/v1/billing-accounts/{account}/wallet")
  WalletView prepay(
      HttpServletRequest request,
      @PathVariable String account,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization)
      throws IOException {
    accounts.admit(request, account, authorization);
    Boolean prepaid = InvoiceController.body(request, Prepaying.class).prepaid();
    if (prepaid == null) {
      throw Refused.invalid("prepaid", "prepaid must be true or false");
    }
    store.prepay(account, prepaid);
    watch.look(account);
    return wallet(account);
  }

  private WalletView wallet(String account) {
    Wallet wallet = wallets.read(account, store.of(account).prepaid(), clock.instant());
    return new WalletView(
        wallet.prepaid(),
        wallet.currency(),
        wallet.balance().toPlainString(),
        wallet.paidAhead().toPlainString(),
        wallet.owed().toPlainString(),
        wallet.running().toPlainString(),
        wallet.movements().stream()
            .map(each ->
                new MovementView(
                    each.at(),
                    each.creditId(),
                    each.invoiceId(),
                    each.amount().toPlainString(),
                    each.note()))
            .toList());
  }

  @GetMapping("/v1/billing-webhook")
  WebhookView webhook(
      HttpServletRequest request,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    Caller caller = authentication.caller(authorization).requireOwner();
    new Parameters(request, Set.of());
    return new WebhookView(
        webhooks.url(caller.accountId()).orElseThrow(SpendingController::noWebhook), null);
  }

  /// Each time with a new secret, so that one which got lost can be replaced.
  @PutMapping("/v1/billing-webhook")
  WebhookView putWebhook(
      HttpServletRequest request,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization)
      throws IOException {
    Caller caller = authentication.caller(authorization).requireOwner();
    new Parameters(request, Set.of());
    String url = InvoiceController.body(request, Webhook.class).url();
    try {
      WebhookAddress.of(url, privateAddresses);
    } catch (IllegalArgumentException e) {
      throw Refused.invalid("url", String.valueOf(e.getMessage()));
    }
    if (!webhooks.canSeal()) {
      throw Refused.unavailable(
          "encryption_key_missing",
          "there is no key to seal the secret with: the cloud's operator has to set"
              + " brume.encryption.keys");
    }
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    String secret = "whsec_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    webhooks.put(caller.accountId(), String.valueOf(url), secret);
    return new WebhookView(String.valueOf(url), secret);
  }

  @DeleteMapping("/v1/billing-webhook")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void deleteWebhook(
      HttpServletRequest request,
      @RequestHeader(name = "Authorization", required = false) @Nullable String authorization) {
    Caller caller = authentication.caller(authorization).requireOwner();
    new Parameters(request, Set.of());
    if (!webhooks.delete(caller.accountId())) {
      throw noWebhook();
    }
  }

  private static Refused noWebhook() {
    return Refused.notFound(
        "webhook_not_found",
        "url",
        "the account has no webhook: PUT /v1/billing-webhook makes one");
  }
}
