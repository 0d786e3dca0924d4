package brume.hypervisor.device.virtio;

/// The Ethernet address of one card: unicast, the first byte of its notation in the highest of the
/// 48 bits.
public record MacAddress(long bits) {
  private static final long MULTICAST = 1L << 40;

  public MacAddress {
    if (bits >>> 48 != 0 || bits == 0 || (bits & MULTICAST) != 0) {
      throw new IllegalArgumentException("mac: %x is not the address of one card".formatted(bits));
    }
  }

  /// From `52:54:00:12:34:56`.
  public static MacAddress parse(String text) {
    if (!text.matches("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}")) {
      throw new IllegalArgumentException("mac: " + text + "; must be like 52:54:00:12:34:56");
    }
    return new MacAddress(Long.parseLong(text.replace(":", ""), 16));
  }

  /// As it goes over the wire.
  public byte[] bytes() {
    byte[] bytes = new byte[6];
    for (int i = 0; i < 6; i++) {
      bytes[i] = (byte) (bits >> (40 - 8 * i));
    }
    return bytes;
  }

  @Override
  public String toString() {
    return "%012x".formatted(bits).replaceAll("(..)(?!$)", "$1:");
  }
}
