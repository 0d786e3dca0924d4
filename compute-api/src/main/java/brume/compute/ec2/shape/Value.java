package brume.compute.ec2.shape;

import org.jspecify.annotations.Nullable;

/// Attributes as EC2 wraps them: `DisableApiStop.Value=true`.
public final class Value {
  private Value() {}

  /// A text.
  public record OfText(@Nullable String value) {}

  /// A yes or no.
  public record OfBoolean(@Nullable Boolean value) {}
}
