package brume.compute.image;

import brume.compute.access.Caller;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.resource.ResourceKind;
import brume.compute.volume.BlockDevice;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The images that an account may launch: its own and the cloud's.
@Component
public class ImageQueries {
  private final ImageRepository images;
  private final JdbcClient database;
  private final JsonMapper json;

  ImageQueries(ImageRepository images, JdbcClient database, JsonMapper json) {
    this.images = images;
    this.database = database;
    this.json = json;
  }

  public Page<ImageView> list(Caller caller, @Nullable String name, Paging paging) {
    List<Image> found =
        images.page(caller.accountId(), name, paging.after(), Limit.of(paging.oneMore()));
    return Page.of(paging, found.stream().map(Image::view).toList(), ImageView::id);
  }

  /// What a launch needs to know of an image.
  ///
  /// @param devices all that a launch makes volumes of, the root first
  public record Bootable(
      String id,
      String name,
      String architecture,
      int memoryMibMin,
      @Nullable String source,
      String rootDevice,
      List<BlockDevice> devices) {
    /// Throws a refusal where the image is for another processor, has nothing to boot, or needs
    /// more memory than the type has.
    public void requireFit(InstanceType type) {
      if (!architecture.equals(ARCHITECTURE)) {
        throw Refused.invalid(
            "image_of_another_architecture",
            "image",
            "The architecture '"
                + ARCHITECTURE
                + "' of the specified instance type does not match the architecture '"
                + architecture
                + "' of the specified AMI. Specify an instance type and an AMI that have matching"
                + " architectures, and try again.");
      }
      if (source == null) {
        throw Refused.invalid(
            "image_without_system",
            "image",
            "There is nothing to boot in " + id + ": its root is a snapshot of no system");
      }
      if (type.memoryMib() < memoryMibMin) {
        throw Refused.invalid(
            "image_needs_memory",
            "type",
            name
                + " needs "
                + memoryMibMin
                + " MiB, and "
                + type.name()
                + " has "
                + type.memoryMib());
      }
    }
  }

  /// What the processors of this cloud are.
  public static final String ARCHITECTURE = "riscv64";

  /// The root volume's size where an image says nothing.
  public static final int ROOT_GIB = 8;

  private static final TypeReference<List<BlockDevice>> DEVICES = new TypeReference<>() {};

  private static final String MAY_LAUNCH =
      """
      deregistered_at IS NULL AND (account_id = :account OR account_id IS NULL OR is_public
        OR jsonb_exists(shared_with, :account))
      """;

  /// Finds an image by id or name; the account's own goes before the cloud's.
  ///
  /// In plain SQL: every launch asks this, and by way of entities it took half of a launch's time.
  ///
  /// @param field what the client called it
  public Bootable require(Caller caller, String field, String idOrName) {
    return database
        .sql(
            """
            SELECT id, name, architecture, memory_mib_min, source, root_device, devices FROM compute.image
            WHERE (id = :image OR (name = :image AND (account_id = :account OR account_id IS NULL)))
              AND
            """
                + MAY_LAUNCH
                + " ORDER BY account_id IS NULL, id LIMIT 1")
        .param("account", caller.accountId())
        .param("image", idOrName)
        .query(this::bootable)
        .optional()
        .orElseThrow(() ->
            Refused.invalid(
                "unknown_image",
                field,
                "there is no image '"
                    + Fields.shown(idOrName)
                    + "' for this account: GET /v1/images lists them"));
  }

  /// Finds an image by id among those of a region and those of all.
  public Bootable require(Caller caller, String region, String field, String id) {
    ResourceKind.IMAGE.checked(id);
    return database
        .sql(
            """
            SELECT id, name, architecture, memory_mib_min, source, root_device, devices FROM compute.image
            WHERE id = :image AND (region = :region OR region IS NULL) AND
            """
                + MAY_LAUNCH)
        .param("account", caller.accountId())
        .param("region", region)
        .param("image", id)
        .query(this::bootable)
        .optional()
        .orElseThrow(() -> ResourceKind.IMAGE.unknown(id));
  }

  private Bootable bootable(ResultSet row, int number) throws SQLException {
    String rootDevice = row.getString("root_device");
    List<BlockDevice> devices = new ArrayList<>(json.readValue(row.getString("devices"), DEVICES));
    if (devices.stream().noneMatch(device -> device.deviceName().equals(rootDevice))) {
      devices.addFirst(
          new BlockDevice(rootDevice, false, null, ROOT_GIB, null, null, null, null, true));
    }
    return new Bootable(
        row.getString("id"),
        row.getString("name"),
        row.getString("architecture"),
        row.getInt("memory_mib_min"),
        row.getString("source"),
        rootDevice,
        devices);
  }
}
