package brume.compute.image;

import brume.compute.access.Caller;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.stereotype.Component;

/// The images that an account may launch: its own and the cloud's.
@Component
public class ImageQueries {
  private final ImageRepository images;

  ImageQueries(ImageRepository images) {
    this.images = images;
  }

  public Page<ImageView> list(Caller caller, @Nullable String name, Paging paging) {
    List<Image> found =
        images.page(caller.accountId(), name, paging.after(), Limit.of(paging.oneMore()));
    return Page.of(paging, found.stream().map(Image::view).toList(), ImageView::id);
  }

  /// Finds an image by id or name; the account's own goes before the cloud's.
  ///
  /// @param field what the client called it
  public Image require(Caller caller, String field, String idOrName) {
    return images.findVisible(caller.accountId(), idOrName).stream()
        .findFirst()
        .orElseThrow(() ->
            Refused.invalid(
                "unknown_image",
                field,
                "there is no image '"
                    + Fields.shown(idOrName)
                    + "' for this account: GET /v1/images lists them"));
  }
}
