package brume.node.image.debian;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.bcpg.ArmoredOutputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyAlgorithmTags;
import org.bouncycastle.bcpg.PublicKeyPacket;
import org.bouncycastle.crypto.generators.RSAKeyPairGenerator;
import org.bouncycastle.crypto.params.RSAKeyGenerationParameters;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPKeyRingGenerator;
import org.bouncycastle.openpgp.PGPSecretKeyRing;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureGenerator;
import org.bouncycastle.openpgp.PGPSignatureSubpacketGenerator;
import org.bouncycastle.openpgp.operator.bc.BcPBESecretKeyDecryptorBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentSignerBuilder;
import org.bouncycastle.openpgp.operator.bc.BcPGPDigestCalculatorProvider;
import org.bouncycastle.openpgp.operator.bc.BcPGPKeyPair;

/// A key made for a test, which signs texts as Debian's archive does.
final class TestKey {
  private final PGPSecretKeyRing ring;

  /// @param validSeconds from `made`; 0 for ever
  TestKey(Instant made, long validSeconds) {
    try {
      RSAKeyPairGenerator generator = new RSAKeyPairGenerator();
      generator.init(
          new RSAKeyGenerationParameters(BigInteger.valueOf(65537), new SecureRandom(), 2048, 12));
      var pair =
          new BcPGPKeyPair(
              PublicKeyPacket.VERSION_4,
              PublicKeyAlgorithmTags.RSA_GENERAL,
              generator.generateKeyPair(),
              Date.from(made));
      PGPSignatureSubpacketGenerator hashed = new PGPSignatureSubpacketGenerator();
      if (validSeconds > 0) {
        hashed.setKeyExpirationTime(true, validSeconds);
      }
      ring =
          new PGPKeyRingGenerator(
                  PGPSignature.POSITIVE_CERTIFICATION,
                  pair,
                  "test <test@example.org>",
                  new BcPGPDigestCalculatorProvider().get(HashAlgorithmTags.SHA1),
                  hashed.generate(),
                  null,
                  new BcPGPContentSignerBuilder(
                      PublicKeyAlgorithmTags.RSA_GENERAL, HashAlgorithmTags.SHA256),
                  null)
              .generateSecretKeyRing();
    } catch (PGPException e) {
      throw new IllegalStateException(e);
    }
  }

  Path writeKeyring(Path file) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ring.getPublicKey().encode(out);
    return Files.write(file, out.toByteArray());
  }

  byte[] sign(String text) {
    return sign(text, HashAlgorithmTags.SHA256);
  }

  byte[] sign(String text, int hash) {
    try {
      PGPSignatureGenerator generator =
          new PGPSignatureGenerator(
              new BcPGPContentSignerBuilder(PublicKeyAlgorithmTags.RSA_GENERAL, hash),
              ring.getPublicKey());
      generator.init(
          PGPSignature.CANONICAL_TEXT_DOCUMENT,
          ring.getSecretKey()
              .extractPrivateKey(
                  new BcPBESecretKeyDecryptorBuilder(new BcPGPDigestCalculatorProvider())
                      .build(new char[0])));
      StringBuilder shown =
          new StringBuilder("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n");
      String end = "";
      for (String line : text.split("\n", -1)) {
        generator.update((end + line.stripTrailing()).getBytes(StandardCharsets.UTF_8));
        shown.append(line.startsWith("-") ? "- " : "").append(line).append('\n');
        end = "\r\n";
      }
      ByteArrayOutputStream signature = new ByteArrayOutputStream();
      try (ArmoredOutputStream armored = new ArmoredOutputStream(signature)) {
        generator.generate().encode(armored);
      }
      return (shown + signature.toString(StandardCharsets.US_ASCII))
          .getBytes(StandardCharsets.UTF_8);
    } catch (PGPException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
