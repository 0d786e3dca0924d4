package brume.compute.keypair;

import brume.compute.refusal.Refused;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;

/// A public key that somebody brought, as OpenSSH writes it on a line (RFC 4253 §6.6, RFC 8709 §4).
///
/// @param type `rsa` or `ed25519`
/// @param line type and key, without a comment
/// @param fingerprint as EC2 documents it: for RSA the MD5 of the key's DER form, for ED25519 the
///   SHA-256 of its SSH form in base64
public record PublicKeyLine(String type, String line, String fingerprint) {
  private static final int LENGTH_MAX = 16_384;
  private static final int ED25519_BYTES = 32;
  private static final int RSA_BITS_MIN = 1024;
  private static final int RSA_BITS_MAX = 4096;

  public static PublicKeyLine parse(String text) {
    String[] parts = text.strip().split("\\s+");
    if (text.length() > LENGTH_MAX || parts.length < 2) {
      throw malformed();
    }
    try {
      byte[] blob = Base64.getDecoder().decode(parts[1]);
      ByteBuffer buffer = ByteBuffer.wrap(blob);
      String kind = new String(part(buffer), StandardCharsets.US_ASCII);
      if (!kind.equals(parts[0])) {
        throw malformed();
      }
      String line = parts[0] + " " + Base64.getEncoder().encodeToString(blob);
      return switch (kind) {
        case "ssh-rsa" -> rsa(buffer, line);
        case "ssh-ed25519" -> ed25519(buffer, line, blob);
        default -> throw malformed();
      };
    } catch (IllegalArgumentException | BufferUnderflowException | GeneralSecurityException e) {
      throw malformed();
    }
  }

  private static PublicKeyLine rsa(ByteBuffer buffer, String line) throws GeneralSecurityException {
    BigInteger exponent = new BigInteger(part(buffer));
    BigInteger modulus = new BigInteger(part(buffer));
    if (buffer.hasRemaining()
        || modulus.signum() <= 0
        || modulus.bitLength() < RSA_BITS_MIN
        || modulus.bitLength() > RSA_BITS_MAX) {
      throw malformed();
    }
    byte[] der =
        KeyFactory.getInstance("RSA")
            .generatePublic(new RSAPublicKeySpec(modulus, exponent))
            .getEncoded();
    return new PublicKeyLine("rsa", line, KeyMaterial.colons(KeyMaterial.digest("MD5", der)));
  }

  private static PublicKeyLine ed25519(ByteBuffer buffer, String line, byte[] blob) {
    if (part(buffer).length != ED25519_BYTES || buffer.hasRemaining()) {
      throw malformed();
    }
    return new PublicKeyLine(
        "ed25519", line, KeyMaterial.base64(KeyMaterial.digest("SHA-256", blob)));
  }

  private static byte[] part(ByteBuffer buffer) {
    int length = buffer.getInt();
    if (length < 0 || length > buffer.remaining()) {
      throw malformed();
    }
    byte[] part = new byte[length];
    buffer.get(part);
    return part;
  }

  private static Refused malformed() {
    return Refused.invalid(
        "key_format",
        "PublicKeyMaterial",
        "Key is not in valid OpenSSH public key format: send a line of ssh-rsa ("
            + RSA_BITS_MIN
            + " to "
            + RSA_BITS_MAX
            + " bits) or ssh-ed25519");
  }
}
