package brume.billing.webhook;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals the secrets of webhooks with AES-256-GCM (NIST SP 800-38D) under keys that the operator
/// keeps outside the database, in `brume.encryption.keys`: the first one seals, all of them open.
/// Sealed text is `sealed:` with the key's name and, in Base64, a nonce of 12 bytes, the secret,
/// and a tag of 16. The account is authenticated with it, so that a secret that is copied to
/// another account's row does not open there.
public final class SecretSeal {
  private static final String PREFIX = "sealed:";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int KEY_LENGTH_LEAST = 32;
  private static final int NAME_BYTES = 8;

  private final Map<String, SecretKeySpec> keys = new LinkedHashMap<>();
  private final RandomGenerator random;

  public SecretSeal(List<String> texts, RandomGenerator random) {
    this.random = random;
    for (String text : texts) {
      if (text.length() < KEY_LENGTH_LEAST) {
        throw new IllegalArgumentException(
            "each of brume.encryption.keys must have at least "
                + KEY_LENGTH_LEAST
                + " characters, made at random");
      }
      // A name tells which key it was and nothing about it: another digest than the key itself.
      byte[] name = digest("brume billing seal's name\n" + text);
      keys.put(
          HexFormat.of().formatHex(name, 0, NAME_BYTES),
          new SecretKeySpec(digest("brume billing seal\n" + text), "AES"));
    }
  }

  public boolean canSeal() {
    return !keys.isEmpty();
  }

  boolean isSealed(String kept) {
    return kept.startsWith(PREFIX);
  }

  String seal(String accountId, String secret) {
    String name = keys.keySet().iterator().next();
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed =
        apply(Cipher.ENCRYPT_MODE, name, nonce, accountId, secret.getBytes(StandardCharsets.UTF_8));
    byte[] all = ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
    return PREFIX + name + ":" + Base64.getEncoder().encodeToString(all);
  }

  /// What was kept before there were seals is itself.
  ///
  /// @throws IllegalStateException where it is not what was sealed for the account
  String open(String accountId, String kept) {
    if (!isSealed(kept)) {
      return kept;
    }
    String[] parts = kept.split(":", 3);
    byte[] all = Base64.getDecoder().decode(parts[2]);
    return new String(
        apply(
            Cipher.DECRYPT_MODE,
            parts[1],
            Arrays.copyOf(all, NONCE_BYTES),
            accountId,
            Arrays.copyOfRange(all, NONCE_BYTES, all.length)),
        StandardCharsets.UTF_8);
  }

  private byte[] apply(int mode, String name, byte[] nonce, String accountId, byte[] text) {
    SecretKeySpec key = keys.get(name);
    if (key == null) {
      throw new IllegalStateException(
          "the key " + name + " that sealed a webhook's secret is not in brume.encryption.keys");
    }
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(("webhook of " + accountId).getBytes(StandardCharsets.UTF_8));
      return cipher.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "the sealed secret of the webhook of " + accountId + " does not open", e);
    }
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
