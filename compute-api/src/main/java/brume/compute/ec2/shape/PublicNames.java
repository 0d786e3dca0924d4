package brume.compute.ec2.shape;

import org.jspecify.annotations.Nullable;

/// The names that public addresses have, as EC2 makes them but for the domain: that of AWS is not
/// this cloud's to promise. Nothing answers to them yet.
public final class PublicNames {
  private PublicNames() {}

  /// Empty for none.
  public static String of(@Nullable String publicIp, String region) {
    if (publicIp == null) {
      return "";
    }
    String zone = region.equals("us-east-1") ? "compute-1" : region + ".compute";
    return "ec2-" + publicIp.replace('.', '-') + "." + zone + ".internal";
  }
}
