package brume.compute.ec2.network;

import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Text;
import java.net.Inet6Address;

/// Blocks of IPv6 addresses (RFC 4291) in the one form that EC2 shows.
final class Blocks {
  private static final int BITS = 128;

  private Blocks() {}

  /// With the bits behind the prefix taken away, in lower case, the longest zeros left out (RFC
  /// 5952).
  static String canonical6(String parameter, String text) {
    int slash = text.indexOf('/');
    if (slash > 0 && text.substring(slash + 1).matches("[0-9]{1,3}")) {
      int bits = Integer.parseInt(text.substring(slash + 1));
      String address = text.substring(0, slash);
      if (bits <= BITS && address.matches("[0-9a-fA-F:.]{2,45}") && address.contains(":")) {
        try {
          byte[] bytes = Inet6Address.ofLiteral(address).getAddress();
          if (bytes.length == BITS / 8) {
            return shown(cut(bytes, bits)) + "/" + bits;
          }
        } catch (IllegalArgumentException e) {
          // refused below, as every other text that is no block
        }
      }
    }
    throw new Ec2Fault(
        "InvalidParameterValue",
        "CIDR block " + Text.shown(text) + " is malformed (" + parameter + ")");
  }

  private static byte[] cut(byte[] bytes, int bits) {
    for (int i = 0; i < bytes.length; i++) {
      int kept = Math.clamp(bits - 8L * i, 0, 8);
      bytes[i] &= (byte) (0xFF00 >> kept);
    }
    return bytes;
  }

  private static String shown(byte[] bytes) {
    int[] groups = new int[8];
    int best = -1;
    int longest = 1; // one group of zeros alone is written out
    int run = 0;
    for (int i = 0; i < 8; i++) {
      groups[i] = (bytes[2 * i] & 0xFF) << 8 | (bytes[2 * i + 1] & 0xFF);
      run = groups[i] == 0 ? run + 1 : 0;
      if (run > longest) {
        longest = run;
        best = i - run + 1;
      }
    }
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == best) {
        shown.append("::");
        i += longest - 1;
      } else {
        if (!shown.isEmpty() && shown.charAt(shown.length() - 1) != ':') {
          shown.append(':');
        }
        shown.append(Integer.toHexString(groups[i]));
      }
    }
    return shown.toString();
  }
}
