package brume.billing.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;

/// Which addresses are of the public internet. A webhook's address is chosen by a tenant, and what
/// the service can reach is more than what a tenant can: the operator's network, the nodes, a
/// cloud's metadata. IANA special-purpose registries, IPv4 (RFC 6890) and IPv6.
final class PublicAddresses {
  private PublicAddresses() {}

  static boolean contains(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] bytes = address.getAddress();
    return address instanceof Inet4Address ? isPublic4(bytes) : isPublic6(bytes);
  }

  private static boolean isPublic4(byte[] address) {
    int a = address[0] & 0xff;
    int b = address[1] & 0xff;
    int c = address[2] & 0xff;
    return switch (a) {
      case 0 -> false; // this network
      case 100 -> b < 64 || b > 127; // RFC 6598, shared by carriers
      case 192 -> !(b == 0 && (c == 0 || c == 2)) && !(b == 88 && c == 99);
      case 198 -> !(b == 18 || b == 19) && !(b == 51 && c == 100); // benchmarks, documentation
      case 203 -> !(b == 0 && c == 113); // documentation
      default -> a < 224; // multicast, reserved, broadcast
    };
  }

  /// Global unicast is 2000::/3; in it, what stands for something else is refused as a whole.
  private static boolean isPublic6(byte[] address) {
    int first = ((address[0] & 0xff) << 8) | (address[1] & 0xff);
    int second = ((address[2] & 0xff) << 8) | (address[3] & 0xff);
    boolean teredoOrDocumentation = first == 0x2001 && (second < 0x200 || second == 0xdb8);
    boolean sixToFour = first == 0x2002;
    boolean documentation = first == 0x3fff && second < 0x1000;
    return first >> 13 == 1 && !teredoOrDocumentation && !sixToFour && !documentation;
  }
}
