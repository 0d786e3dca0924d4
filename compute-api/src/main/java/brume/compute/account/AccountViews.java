package brume.compute.account;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Accounts as those see them who may.
public final class AccountViews {
  private AccountViews() {}

  /// An account with its quotas and who asks, as it sees itself.
  public record AccountView(
      String id,
      String name,
      Instant createdAt,
      @Nullable Instant suspendedAt,
      Quotas quotas,
      QuotaUse used,
      CallerView caller) {}

  /// The credential that the request came with.
  public record CallerView(
      String credentialId,
      @Nullable String tokenId,
      @Nullable String userId,
      String role,
      boolean cloudOperator,
      List<String> scopes) {}

  /// An account as operators of the cloud see it.
  public record OperatedAccount(
      String id, String name, Instant createdAt, @Nullable Instant suspendedAt, Quotas quotas) {}

  /// A new account and the token of its first owner.
  public record NewAccountView(OperatedAccount account, NewToken ownerToken) {}

  static OperatedAccount view(AccountStore.Row row) {
    return new OperatedAccount(
        row.id(), row.name(), row.createdAt(), row.suspendedAt(), row.quotas());
  }
}
