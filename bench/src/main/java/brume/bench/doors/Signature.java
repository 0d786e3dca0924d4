package brume.bench.doors;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs a form as AWS' clients do (Signature Version 4), with the headers host and x-amz-date.
final class Signature {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final String keyId;
  private final String secret;
  private final String region;
  private final Clock clock;
  private volatile Day day = new Day("", new byte[0]);

  /// The key of a day, which AWS' clients keep as well.
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  private record Day(String scope, byte[] key) {}

  Signature(String keyId, String secret, String region, Clock clock) {
    this.keyId = keyId;
    this.secret = secret;
    this.region = region;
    this.clock = clock;
  }

  /// The headers that the request needs beside its own.
  Map<String, String> sign(String host, String path, String form) {
    String time = TIME.format(clock.instant());
    String scope = time.substring(0, 8) + "/" + region + "/ec2/aws4_request";
    String canonical =
        "POST\n"
            + path
            + "\n\nhost:"
            + host
            + "\nx-amz-date:"
            + time
            + "\n\nhost;x-amz-date\n"
            + sha256(form);
    String text = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + sha256(canonical);
    return Map.of(
        "x-amz-date",
        time,
        "Authorization",
        "AWS4-HMAC-SHA256 Credential="
            + keyId
            + "/"
            + scope
            + ", SignedHeaders=host;x-amz-date, Signature="
            + HexFormat.of().formatHex(hmac(key(scope), text)));
  }

  private byte[] key(String scope) {
    Day known = day;
    if (!known.scope().equals(scope)) {
      byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
      for (String step : scope.split("/", -1)) {
        key = hmac(key, step);
      }
      known = new Day(scope, key);
      day = known;
    }
    return known.key();
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }
}
