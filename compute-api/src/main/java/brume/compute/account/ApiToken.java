package brume.compute.account;

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

  protected ApiToken() {}

  ApiToken(String id, String accountId, CreateToken wanted, byte[] digest, Instant createdAt) {
    this.id = id;
    this.accountId = accountId;
    this.label = wanted.label();
    this.digest = digest.clone();
    this.role = wanted.role().text();
    this.cloudOperator = wanted.cloudOperator();
    this.createdAt = createdAt;
    this.expiresAt = wanted.expiresAt();
  }

  boolean isUsableOwner(Instant now) {
    Instant expires = expiresAt;
    return Role.of(role) == Role.OWNER
        && revokedAt == null
        && (expires == null || expires.isAfter(now));
  }

  void revoke(Instant now) {
    if (revokedAt == null) {
      revokedAt = now;
    }
  }

  boolean hasDigest(byte[] other) {
    return MessageDigest.isEqual(digest, other);
  }

  TokenView view() {
    return new TokenView(id, label, role, cloudOperator, createdAt, expiresAt, revokedAt);
  }
}
