package brume.compute.instance;

import brume.compute.refusal.Fields;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// What of an instance is to be another; null leaves it as it is.
///
/// @param tags all of them, in place of those there are
record InstanceEdit(
    @Nullable String name,
    @Nullable SortedMap<String, String> tags,
    @Nullable String type,
    @Nullable Boolean terminationProtected) {
  /// `PATCH /v1/instances/{instanceId}` as it comes in.
  record Body(
      @Nullable String name,
      @Nullable Map<String, @Nullable String> tags,
      @Nullable String type,
      @Nullable Boolean terminationProtected) {
    InstanceEdit checked() {
      return new InstanceEdit(
          name == null ? null : Fields.text("name", name, 1, 255),
          tags == null ? null : RunInstancesBody.checked(tags),
          type == null ? null : Fields.text("type", type, 1, 64),
          terminationProtected);
    }
  }
}
