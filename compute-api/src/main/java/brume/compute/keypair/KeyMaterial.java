package brume.compute.keypair;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A new key pair in the forms that people use: PEM for the private half, OpenSSH's line for the
/// public one, and EC2's fingerprint.
///
/// Fingerprints are as EC2 documents them: for an RSA key that was made here the SHA-1 of its
/// private half (PKCS #8, DER); for an ED25519 key the SHA-256 of the public one, in base64.
///
/// @param publicKey in OpenSSH's form, without a comment
public record KeyMaterial(String privatePem, String publicKey, String fingerprint) {
  private static final int RSA_BITS = 2048;
  private static final int PKCS8_HEADER = 26;
  private static final int ED25519_BYTES = 32;

  public static KeyMaterial rsa(SecureRandom random) {
    KeyPair pair = generate("RSA", RSA_BITS, random);
    RSAPublicKey key = (RSAPublicKey) pair.getPublic();
    byte[] pkcs8 = pair.getPrivate().getEncoded();
    // PKCS #1 is what PKCS #8 wraps (RFC 5958 §2): 26 bytes of header for a key of this length.
    byte[] pkcs1 = Arrays.copyOfRange(pkcs8, PKCS8_HEADER, pkcs8.length);
    byte[] blob =
        blob(out -> {
          text(out, "ssh-rsa");
          bytes(out, key.getPublicExponent().toByteArray());
          bytes(out, key.getModulus().toByteArray());
        });
    return new KeyMaterial(
        pem("RSA PRIVATE KEY", pkcs1), "ssh-rsa " + base64(blob), colons(digest("SHA-1", pkcs8)));
  }

  /// The private half in OpenSSH's own form (PROTOCOL.key in its source), unencrypted.
  public static KeyMaterial ed25519(SecureRandom random) {
    KeyPair pair = generate("Ed25519", 255, random);
    byte[] spki = pair.getPublic().getEncoded();
    byte[] point = Arrays.copyOfRange(spki, spki.length - ED25519_BYTES, spki.length);
    byte[] seed = seed(pair.getPrivate());
    byte[] blob =
        blob(out -> {
          text(out, "ssh-ed25519");
          bytes(out, point);
        });
    int check = random.nextInt();
    byte[] secret =
        blob(out -> {
          out.writeInt(check);
          out.writeInt(check);
          out.write(blob);
          bytes(out, concatenated(seed, point));
          text(out, "");
          for (int pad = 1; out.size() % 8 != 0; pad++) {
            out.writeByte(pad);
          }
        });
    byte[] file =
        blob(out -> {
          out.write("openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII));
          text(out, "none");
          text(out, "none");
          text(out, "");
          out.writeInt(1);
          bytes(out, blob);
          bytes(out, secret);
        });
    return new KeyMaterial(
        pem("OPENSSH PRIVATE KEY", file),
        "ssh-ed25519 " + base64(blob),
        base64(digest("SHA-256", blob)));
  }

  private static byte[] seed(PrivateKey key) {
    byte[] pkcs8 = key.getEncoded(); // RFC 8410 §7: the seed is its last 32 bytes
    return Arrays.copyOfRange(pkcs8, pkcs8.length - ED25519_BYTES, pkcs8.length);
  }

  private static KeyPair generate(String algorithm, int bits, SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits, random);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK makes keys of " + algorithm, e);
    }
  }

  static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  static String colons(byte[] digest) {
    return IntStream.range(0, digest.length)
        .mapToObj(i -> HexFormat.of().toHexDigits(digest[i]))
        .collect(Collectors.joining(":"));
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String pem(String label, byte[] content) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----";
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] blob(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      writing.to(out);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    bytes(out, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] concatenated(byte[] first, byte[] second) {
    byte[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
