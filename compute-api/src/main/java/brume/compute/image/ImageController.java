package brume.compute.image;

import brume.compute.access.Caller;
import brume.compute.access.Needs;
import brume.compute.refusal.Fields;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// `/v1/images` and `/v1/instance-types`.
@RestController
class ImageController {
  /// All sizes: a short list, so it has no pages.
  record InstanceTypeList(List<InstanceType> items) {}

  private final ImageQueries images;
  private final InstanceTypes types;

  ImageController(ImageQueries images, InstanceTypes types) {
    this.images = images;
    this.types = types;
  }

  @GetMapping("/v1/images")
  @Needs("DescribeImages")
  Page<ImageView> images(
      Caller caller,
      @RequestParam(value = "name", required = false) @Nullable String name,
      Paging paging) {
    String checked = name == null ? null : Fields.text("name", name, 1, 128);
    return images.list(caller, checked, paging);
  }

  @GetMapping("/v1/instance-types")
  @Needs("DescribeInstanceTypes")
  InstanceTypeList types() {
    return new InstanceTypeList(types.all());
  }
}
