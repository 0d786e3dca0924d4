package brume.compute.account;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Makes the secrets of tokens: `brume_` and 256 bits in base64url.
final class TokenSecret {
  private static final String PREFIX = "brume_";
  private static final int BYTES = 32;

  private final RandomGenerator random;

  TokenSecret(RandomGenerator random) {
    this.random = random;
  }

  String random() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return text(bytes);
  }

  /// The secret of a token that was asked for with an idempotency key: a function of the caller's
  /// own secret, which the cloud does not keep, so that the same caller can be given it again and
  /// nobody who reads the database can make it.
  static String derived(String bearer, String key, String tokenId) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bearer.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      String message = "brume token\n" + tokenId + "\n" + key;
      return text(mac.doFinal(message.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static String text(byte[] bytes) {
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
