package brume.node.image.debian;

import brume.node.image.ImageException.SignatureRefused;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRingCollection;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;

/// The keys that may sign Debian's archive. `BRUME_DEBIAN_KEYRING` names the only keyring to trust;
/// without it the keys that this machine's Debian trusts count, and those of trixie that come with
/// Brume, taken from Debian's package `debian-archive-keyring`.
record ArchiveKeys(List<PGPPublicKey> keys, String origin) {
  static final String VARIABLE = "BRUME_DEBIAN_KEYRING";

  private static final Path SYSTEM = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");
  private static final String SHIPPED = "archive-keys.gpg";
  private static final int KEYRING_BYTES_MAX = 4 << 20;

  ArchiveKeys {
    keys = List.copyOf(keys);
  }

  static ArchiveKeys of(Map<String, String> environment) throws SignatureRefused {
    String own = environment.getOrDefault(VARIABLE, "").strip();
    if (!own.isEmpty()) {
      return new ArchiveKeys(read(Path.of(own)), own);
    }
    List<PGPPublicKey> keys = new ArrayList<>();
    String origin = "the keys that come with Brume";
    try (InputStream in = ArchiveKeys.class.getResourceAsStream(SHIPPED)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + SHIPPED + " is missing from this build");
      }
      keys.addAll(parse(in));
    } catch (IOException | PGPException e) {
      throw new IllegalStateException("the resource " + SHIPPED + " can't be read", e);
    }
    if (Files.isReadable(SYSTEM)) {
      keys.addAll(read(SYSTEM));
      origin = SYSTEM + " and " + origin;
    }
    return new ArchiveKeys(keys, origin);
  }

  private static List<PGPPublicKey> read(Path file) throws SignatureRefused {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return parse(in);
    } catch (IOException | PGPException e) {
      throw new SignatureRefused(
          "the keyring " + file + " can't be read (" + e + "): mend or unset " + VARIABLE);
    }
  }

  static List<PGPPublicKey> parse(InputStream in) throws IOException, PGPException {
    byte[] bytes = in.readNBytes(KEYRING_BYTES_MAX);
    List<PGPPublicKey> keys = new ArrayList<>();
    try (InputStream decoded = PGPUtil.getDecoderStream(new java.io.ByteArrayInputStream(bytes))) {
      var rings = new PGPPublicKeyRingCollection(decoded, new BcKeyFingerprintCalculator());
      for (var ring : rings) {
        for (Iterator<PGPPublicKey> each = ring.getPublicKeys(); each.hasNext(); ) {
          keys.add(each.next());
        }
      }
    }
    return keys;
  }

  List<PGPPublicKey> withId(long keyId) {
    return keys.stream().filter(key -> key.getKeyID() == keyId).toList();
  }
}
