package brume.compute.account;

import brume.compute.access.Caller;
import brume.compute.access.Needs;
import brume.compute.refusal.Fields;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import brume.compute.web.Versions;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// `/v1/accounts`, for operators of the cloud.
@RestController
class OperatedAccountController {
  private static final Pattern ID = Pattern.compile("[0-9]{12}");

  /// `POST /v1/accounts` as it comes in.
  record CreateBody(@Nullable String name, @Nullable QuotasBody quotas) {
    AccountCommands.NewAccount checked(Quotas usual) {
      return new AccountCommands.NewAccount(
          Fields.text("name", Fields.required("name", name), 1, 128),
          quotas == null ? usual : quotas.over(usual));
    }
  }

  /// `PATCH /v1/accounts/{accountId}` as it comes in.
  record EditBody(@Nullable String name, @Nullable Boolean suspended, @Nullable QuotasBody quotas) {
    AccountCommands.Edit checked() {
      return new AccountCommands.Edit(
          name == null ? null : Fields.text("name", name, 1, 128),
          suspended,
          quotas == null ? QuotasBody.NONE : quotas);
    }
  }

  private final AccountCommands commands;
  private final AccountStore store;
  private final UsualQuotas usual;

  OperatedAccountController(AccountCommands commands, AccountStore store, UsualQuotas usual) {
    this.commands = commands;
    this.store = store;
    this.usual = usual;
  }

  @GetMapping("/v1/accounts")
  @Needs("ListAccounts")
  Page<AccountViews.OperatedAccount> list(Paging paging) {
    return Page.of(paging, store.list(paging.after(), paging.oneMore()), AccountStore.Row::id)
        .map(AccountViews::view);
  }

  @PostMapping(path = "/v1/accounts", consumes = "application/json")
  @Needs("CreateAccount")
  ResponseEntity<AccountViews.NewAccountView> create(Caller caller, @RequestBody CreateBody body) {
    AccountViews.NewAccountView made = commands.create(caller, body.checked(usual.quotas()));
    return ResponseEntity.created(URI.create("/v1/accounts/" + made.account().id())).body(made);
  }

  @GetMapping("/v1/accounts/{accountId}")
  @Needs("DescribeAccount")
  ResponseEntity<AccountViews.OperatedAccount> get(@PathVariable("accountId") String accountId) {
    String id = Fields.pattern("accountId", accountId, ID);
    return answer(store.find(id).orElseThrow(() -> AccountCommands.unknown(id)));
  }

  @PatchMapping(path = "/v1/accounts/{accountId}", consumes = "application/json")
  @Needs("UpdateAccount")
  ResponseEntity<AccountViews.OperatedAccount> edit(
      Caller caller,
      @PathVariable("accountId") String accountId,
      @RequestHeader(value = "If-Match", required = false) @Nullable String version,
      @RequestBody EditBody body) {
    String id = Fields.pattern("accountId", accountId, ID);
    return answer(commands.edit(caller, id, body.checked(), Versions.wanted(version)));
  }

  private static ResponseEntity<AccountViews.OperatedAccount> answer(AccountStore.Row row) {
    return ResponseEntity.ok()
        .header("ETag", Versions.tag(row.version()))
        .body(AccountViews.view(row));
  }
}
