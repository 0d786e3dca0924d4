package brume.node.image;

import brume.contract.Checks;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What makes one guest of an image differ from the next: its name and what its user wants run. It
/// travels as a small cpio archive behind the image's initrd, so it needs neither a network nor a
/// disk. Inside the guest it lies in `/etc/brume`.
///
/// @param hostname one label of a domain name (RFC 1123 §2.1)
/// @param userDataBase64 at most 16 KiB when decoded; run as a program when it begins with `#!`,
///   else only put in place
public record GuestSeed(String hostname, String instanceId, @Nullable String userDataBase64) {
  public static final int USER_DATA_BYTES_MAX = 16 << 10;

  private static final Pattern HOSTNAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
  private static final Pattern INSTANCE_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

  public GuestSeed {
    Checks.pattern("hostname", hostname, HOSTNAME);
    Checks.pattern("instanceId", instanceId, INSTANCE_ID);
    Checks.range("user data bytes", decoded(userDataBase64).length, 0, USER_DATA_BYTES_MAX);
  }

  /// The archive to append to an initrd; its length is a multiple of 4.
  public byte[] toCpio() {
    CpioArchive archive =
        new CpioArchive()
            .file("etc/brume/hostname", 0644, line(hostname))
            .file("etc/brume/instance-id", 0644, line(instanceId));
    byte[] userData = decoded(userDataBase64);
    if (userData.length > 0) {
      archive.file("etc/brume/user-data", 0700, userData);
    }
    return archive.toByteArray();
  }

  /// An initrd with this seed behind it. The kernel wants each archive to begin at a multiple of 4.
  public byte[] appendTo(byte[] initrd) {
    byte[] seed = toCpio();
    int start = Math.addExact(initrd.length, 3) & ~3;
    byte[] joined = Arrays.copyOf(initrd, Math.addExact(start, seed.length));
    System.arraycopy(seed, 0, joined, start, seed.length);
    return joined;
  }

  private static byte[] decoded(@Nullable String base64) {
    return base64 == null ? new byte[0] : Base64.getDecoder().decode(base64);
  }

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.US_ASCII);
  }
}
