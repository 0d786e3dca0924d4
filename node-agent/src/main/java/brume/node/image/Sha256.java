package brume.node.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// SHA-256 as 64 small hexadecimal digits, the only form of a digest in this package.
public final class Sha256 {
  public static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

  private Sha256() {}

  public static MessageDigest digester() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have SHA-256", e);
    }
  }

  public static String hex(MessageDigest digester) {
    return HexFormat.of().formatHex(digester.digest());
  }

  public static String of(byte[] content) {
    return HexFormat.of().formatHex(digester().digest(content));
  }

  public static String of(Path file) throws IOException {
    MessageDigest digester = digester();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digester.update(buffer, 0, read);
      }
    }
    return hex(digester);
  }
}
