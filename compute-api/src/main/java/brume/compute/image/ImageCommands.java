package brume.compute.image;

import brume.compute.account.AccountStore;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.resource.ResourceKind;
import brume.compute.resource.Scope;
import brume.compute.table.RecordTable;
import brume.compute.tag.TagStore;
import brume.compute.volume.BlockDevice;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/// Makes, shares and takes back images. What an image boots never changes; instances that were
/// started from one that is taken back go on.
@Component
public class ImageCommands {
  public static final int IMAGES_MAX = 5_000;
  private static final int MEMORY_MIB_MIN = 16;
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9()\\[\\]./_@' -]{3,128}");

  /// What an image shall be.
  ///
  /// @param id one of [#nextId()]
  /// @param source null where there is nothing to boot
  /// @param sourceInstanceId null where it is made of no instance
  public record Wanted(
      String id,
      String name,
      String description,
      String architecture,
      @Nullable String source,
      @Nullable String sourceInstanceId,
      int memoryMibMin,
      String rootDevice,
      List<BlockDevice> devices) {}

  private final RecordTable<ImageRow> table;
  private final AccountStore accounts;
  private final TagStore tags;
  private final IdGenerator ids;
  private final Clock clock;

  ImageCommands(
      JdbcClient database,
      JsonMapper json,
      AccountStore accounts,
      TagStore tags,
      IdGenerator ids,
      Clock clock) {
    this.table = new RecordTable<>(database, json, "compute.image", ImageRow.class);
    this.accounts = accounts;
    this.tags = tags;
    this.ids = ids;
    this.clock = clock;
  }

  public String nextId() {
    return ids.next("ami-");
  }

  /// All that an account may see in a region, by id.
  public List<ImageRow> visible(Scope scope) {
    return table.list(
        "deregistered_at IS NULL AND (region = ? OR region IS NULL) AND (account_id = ? OR"
            + " account_id IS NULL OR is_public OR jsonb_exists(shared_with, ?)) ORDER BY id",
        scope.region(),
        scope.accountId(),
        scope.accountId());
  }

  /// Which of these the account itself took back here.
  public Set<String> takenBack(Scope scope, List<String> ids) {
    return table
        .list(
            "id = ANY (?) AND account_id = ? AND region = ? AND deregistered_at IS NOT NULL",
            ids.toArray(String[]::new),
            scope.accountId(),
            scope.region())
        .stream()
        .map(ImageRow::id)
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Any that the account may launch, wherever it is.
  public ImageRow require(String accountId, String region, String id) {
    return table
        .find(
            "id = ? AND deregistered_at IS NULL AND (region = ? OR region IS NULL) AND"
                + " (account_id = ? OR account_id IS NULL OR is_public OR"
                + " jsonb_exists(shared_with, ?))",
            ResourceKind.IMAGE.checked(id),
            region,
            accountId,
            accountId)
        .orElseThrow(() -> ResourceKind.IMAGE.unknown(id));
  }

  /// What an instance was started from, also where it has been taken back.
  public ImageRow requireAny(String id) {
    return table.find("id = ?", id).orElseThrow(() -> ResourceKind.IMAGE.unknown(id));
  }

  /// The least memory of what this source boots.
  public int memoryMibMin(@Nullable String source) {
    if (source == null) {
      return MEMORY_MIB_MIN;
    }
    return table.list("source = ? ORDER BY id LIMIT 1", source).stream()
        .map(ImageRow::memoryMibMin)
        .findFirst()
        .orElse(MEMORY_MIB_MIN);
  }

  /// One of the account's own; what it may only see it may not change.
  public ImageRow requireOwn(Scope scope, String id) {
    boolean wasOwn =
        table
            .find(
                "id = ? AND account_id = ? AND region = ? AND deregistered_at IS NOT NULL",
                ResourceKind.IMAGE.checked(id),
                scope.accountId(),
                scope.region())
            .isPresent();
    if (wasOwn) {
      throw Refused.notFound(
          "image_unavailable", "ImageId", "The image ID '" + id + "' is no longer available");
    }
    ImageRow image = require(scope.accountId(), scope.region(), id);
    if (!scope.accountId().equals(image.accountId())) {
      throw Refused.invalid("image_of_another", "ImageId", "Not authorized for image:" + id);
    }
    return image;
  }

  @Transactional
  public ImageRow create(Scope scope, Wanted wanted, Map<String, String> tagged) {
    accounts.lock(scope.accountId());
    if (!NAME.matcher(wanted.name()).matches()) {
      throw Refused.invalid(
          "image_name_malformed",
          "Name",
          "AMI names must be between 3 and 128 characters long, and may contain letters, numbers,"
              + " '(', ')', '.', '-', '/' and '_'");
    }
    Fields.text("Description", wanted.description(), 0, 255);
    List<ImageRow> present =
        table.list(
            "account_id = ? AND region = ? AND deregistered_at IS NULL",
            scope.accountId(),
            scope.region());
    for (ImageRow other : present) {
      if (other.name().equals(wanted.name())) {
        throw Refused.conflict(
            "image_name_duplicate",
            "AMI name " + wanted.name() + " is already in use by AMI " + other.id());
      }
    }
    if (present.size() >= IMAGES_MAX) {
      throw Refused.conflict(
          "image_limit_exceeded", "The maximum number of images has been reached: " + IMAGES_MAX);
    }
    ImageRow image =
        new ImageRow(
            wanted.id(),
            scope.accountId(),
            wanted.name(),
            wanted.description(),
            wanted.architecture(),
            wanted.source(),
            wanted.memoryMibMin(),
            clock.instant(),
            scope.region(),
            false,
            List.of(),
            wanted.rootDevice(),
            wanted.devices(),
            null,
            wanted.sourceInstanceId());
    table.insert(image);
    tags.put(scope.accountId(), scope.region(), image.id(), tagged);
    return image;
  }

  @Transactional
  public void update(ImageRow image) {
    table.update(image);
  }

  /// @return as it was
  @Transactional
  public ImageRow deregister(Scope scope, String id) {
    accounts.lock(scope.accountId());
    ImageRow image = requireOwn(scope, id);
    tags.removeAll(scope.accountId(), id);
    table.update(image.deregistered(clock.instant()));
    return image;
  }
}
