package brume.compute.accesskey;

import brume.compute.ComputeApiSettings;
import brume.compute.access.TokenDigest;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// Seals secrets with AES-256-GCM (NIST SP 800-38D) under keys that the operator keeps outside the
/// database, in `brume.encryption.keys`: the first one seals, all of them open, so that a new one
/// is put in front and an old one dropped once nothing is sealed with it. Sealed bytes are a nonce
/// of 12 bytes, the text, and a tag of 16; the name of what is sealed is authenticated with it, so
/// a secret that is copied to another row does not open there.
@Component
public class Sealing {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int KEY_LENGTH_LEAST = 32;

  private final Map<String, SecretKeySpec> keys = new LinkedHashMap<>();
  private final @Nullable String current;
  private final RandomGenerator random;

  /// @param key the name of the key that sealed it
  @SuppressWarnings("ArrayRecordComponent") // stored as it is, never compared
  public record Sealed(String key, byte[] bytes) {}

  Sealing(ComputeApiSettings settings, RandomGenerator random) {
    this.random = random;
    for (String text : settings.encryption().keys()) {
      if (text.length() < KEY_LENGTH_LEAST) {
        throw new IllegalArgumentException(
            "each of brume.encryption.keys must have at least "
                + KEY_LENGTH_LEAST
                + " characters, made at random");
      }
      keys.put(name(text), new SecretKeySpec(digest("brume sealing key\n" + text), "AES"));
    }
    this.current = keys.isEmpty() ? null : keys.keySet().iterator().next();
  }

  // A name tells which key it was and nothing about it: another digest than the key itself.
  private static String name(String text) {
    byte[] digest = digest("brume sealing key's name\n" + text);
    return HexFormat.of().formatHex(digest, 0, 8);
  }

  private static byte[] digest(String text) {
    return TokenDigest.sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The name of the key that seals now.
  String current() {
    String name = current;
    if (name == null) {
      throw noKey("there is no key to seal secrets with");
    }
    return name;
  }

  boolean canSeal() {
    return current != null;
  }

  public Sealed seal(String of, String text) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    String name = current();
    byte[] sealed =
        apply(Cipher.ENCRYPT_MODE, name, nonce, of, text.getBytes(StandardCharsets.UTF_8));
    return new Sealed(
        name, ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed).array());
  }

  /// Throws where the bytes are not what was sealed for `of`.
  public String open(String of, Sealed sealed) {
    byte[] nonce = Arrays.copyOf(sealed.bytes(), NONCE_BYTES);
    byte[] rest = Arrays.copyOfRange(sealed.bytes(), NONCE_BYTES, sealed.bytes().length);
    return new String(
        apply(Cipher.DECRYPT_MODE, sealed.key(), nonce, of, rest), StandardCharsets.UTF_8);
  }

  private byte[] apply(int mode, String keyName, byte[] nonce, String of, byte[] text) {
    SecretKeySpec key = keys.get(keyName);
    if (key == null) {
      throw noKey("the key " + keyName + " that sealed this secret is not there");
    }
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(of.getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the sealed secret of " + of + " does not open", e);
    }
  }

  private static Refused noKey(String what) {
    return new Refused(
        new Refusal.Unavailable(
            "encryption_key_missing",
            what + ": the cloud's operator has to set brume.encryption.keys"));
  }
}
