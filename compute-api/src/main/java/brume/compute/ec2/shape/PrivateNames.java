package brume.compute.ec2.shape;

import org.jspecify.annotations.Nullable;

/// The names that hosts of a network have by their addresses, as EC2 makes them.
public final class PrivateNames {
  private PrivateNames() {}

  /// Empty for none.
  public static String of(@Nullable String privateIp, String region) {
    if (privateIp == null) {
      return "";
    }
    String zone = region.equals("us-east-1") ? "ec2.internal" : region + ".compute.internal";
    return "ip-" + privateIp.replace('.', '-') + "." + zone;
  }
}
