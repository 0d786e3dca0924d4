package brume.compute.image;

import brume.compute.access.Caller;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The images that an account may launch: its own and the cloud's.
@Component
public class ImageQueries {
  private final ImageRepository images;
  private final JdbcClient database;

  ImageQueries(ImageRepository images, JdbcClient database) {
    this.images = images;
    this.database = database;
  }

  public Page<ImageView> list(Caller caller, @Nullable String name, Paging paging) {
    List<Image> found =
        images.page(caller.accountId(), name, paging.after(), Limit.of(paging.oneMore()));
    return Page.of(paging, found.stream().map(Image::view).toList(), ImageView::id);
  }

  /// What a launch needs to know of an image.
  public record Bootable(String id, String name, int memoryMibMin) {}

  /// Finds an image by id or name; the account's own goes before the cloud's.
  ///
  /// In plain SQL: every launch asks this, and by way of entities it took half of a launch's time.
  ///
  /// @param field what the client called it
  public Bootable require(Caller caller, String field, String idOrName) {
    return database
        .sql(
            """
            SELECT id, name, memory_mib_min FROM compute.image
            WHERE (account_id = :account OR account_id IS NULL) AND (id = :image OR name = :image)
            ORDER BY account_id IS NULL LIMIT 1
            """)
        .param("account", caller.accountId())
        .param("image", idOrName)
        .query((row, number) ->
            new Bootable(row.getString("id"), row.getString("name"), row.getInt("memory_mib_min")))
        .optional()
        .orElseThrow(() ->
            Refused.invalid(
                "unknown_image",
                field,
                "there is no image '"
                    + Fields.shown(idOrName)
                    + "' for this account: GET /v1/images lists them"));
  }
}
