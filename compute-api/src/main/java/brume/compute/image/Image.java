package brume.compute.image;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Immutable boot content that instances start from. Without an account it is the cloud's own.
@Entity
@Table(schema = "compute", name = "image")
class Image {
  @Id private String id = "";

  @Column(name = "account_id")
  private @Nullable String accountId;

  private String name = "";
  private String description = "";
  private String architecture = "";

  @Column(name = "memory_mib_min")
  private int memoryMibMin;

  @Column(name = "created_at")
  private Instant createdAt = Instant.EPOCH;

  /// Null while it may be launched.
  @Column(name = "deregistered_at")
  private @Nullable Instant deregisteredAt;

  protected Image() {}

  ImageView view() {
    return new ImageView(
        id, name, description, architecture, accountId == null, memoryMibMin, createdAt);
  }
}
