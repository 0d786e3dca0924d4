package brume.compute.account;

import brume.compute.access.PrincipalRows;
import brume.compute.access.Role;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.security.MessageDigest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A token that acts for an account. The secret itself is not here, only its SHA-256.
@Entity
@Table(schema = "compute", name = "api_token")
public class ApiToken {
  @Id private String id = "";

  @Column(name = "account_id")
  private String accountId = "";

  private String label = "";
  private byte[] digest = {};
  private String role = "";

  @Column(name = "cloud_operator")
  private boolean cloudOperator;

  @Column(name = "created_at")
  private Instant createdAt = Instant.EPOCH;

  @Column(name = "expires_at")
  private @Nullable Instant expiresAt;

  @Column(name = "revoked_at")
  private @Nullable Instant revokedAt;

  @Column(name = "user_id")
  private @Nullable String userId;

  private String scopes = "";

  protected ApiToken() {}

  ApiToken(String id, String accountId, CreateToken wanted, byte[] digest, Instant createdAt) {
    NewCredential credential = wanted.credential();
    this.id = id;
    this.accountId = accountId;
    this.label = credential.label();
    this.digest = digest.clone();
    this.role = credential.role().text();
    this.cloudOperator = wanted.cloudOperator();
    this.createdAt = createdAt;
    this.expiresAt = credential.expiresAt();
    this.userId = credential.userId();
    this.scopes = credential.scopesText();
  }

  String accountId() {
    return accountId;
  }

  /// Whether who holds it can make further ones.
  boolean isUsableOwner(Instant now) {
    return Role.of(role) == Role.OWNER && scopes.isEmpty() && isUsable(now);
  }

  boolean isUsable(Instant now) {
    Instant expires = expiresAt;
    return revokedAt == null && (expires == null || expires.isAfter(now));
  }

  void revoke(Instant now) {
    if (revokedAt == null) {
      revokedAt = now;
    }
  }

  /// Ends it at the end of `overlap`.
  ///
  /// @return what takes its place
  CreateToken replaced(Overlap overlap, Instant now) {
    Instant renewed = Overlap.renewed(createdAt, expiresAt, now);
    expiresAt = overlap.endOf(expiresAt, now);
    return new CreateToken(
        new NewCredential(label, Role.of(role), PrincipalRows.scopes(scopes), userId, renewed),
        cloudOperator);
  }

  boolean hasDigest(byte[] other) {
    return MessageDigest.isEqual(digest, other);
  }

  TokenView view() {
    return new TokenView(
        id,
        label,
        role,
        cloudOperator,
        PrincipalRows.scopes(scopes),
        userId,
        createdAt,
        expiresAt,
        revokedAt,
        null);
  }
}
