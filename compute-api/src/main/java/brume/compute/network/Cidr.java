package brume.compute.network;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A block of IPv4 addresses (RFC 4632), by its first one and the length of its prefix.
public record Cidr(long first, int bits) {
  private static final Pattern IP =
      Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})");

  public Cidr {
    if (bits < 0 || bits > 32 || first != (first & mask(bits))) {
      throw new IllegalArgumentException("no block: " + text(first) + "/" + bits);
    }
  }

  /// Reads `10.0.0.0/16`; bits behind the prefix are taken away, as EC2 does.
  public static Optional<Cidr> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,2}")) {
      return Optional.empty();
    }
    int bits = Integer.parseInt(text.substring(slash + 1));
    if (bits > 32) {
      return Optional.empty();
    }
    return address(text.substring(0, slash)).map(address -> new Cidr(address & mask(bits), bits));
  }

  public static Optional<Long> address(String text) {
    Matcher parts = IP.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    long address = 0;
    for (int i = 1; i <= 4; i++) {
      int part = Integer.parseInt(parts.group(i));
      if (part > 255) {
        return Optional.empty();
      }
      address = address << 8 | part;
    }
    return Optional.of(address);
  }

  public static String text(long address) {
    return (address >> 24 & 255)
        + "."
        + (address >> 16 & 255)
        + "."
        + (address >> 8 & 255)
        + "."
        + (address & 255);
  }

  private static long mask(int bits) {
    return bits == 0 ? 0 : (0xFFFF_FFFFL << (32 - bits)) & 0xFFFF_FFFFL;
  }

  public long size() {
    return 1L << (32 - bits);
  }

  public long last() {
    return first + size() - 1;
  }

  public boolean contains(Cidr other) {
    return other.bits >= bits && (other.first & mask(bits)) == first;
  }

  public boolean contains(long address) {
    return address >= first && address <= last();
  }

  /// The addresses that hosts may have: all but the first four and the last, as in EC2.
  public long firstUsable() {
    return first + 4;
  }

  public long lastUsable() {
    return last() - 1;
  }

  @Override
  public String toString() {
    return text(first) + "/" + bits;
  }
}
