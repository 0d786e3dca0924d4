package brume.node.image.debian;

import brume.node.image.ImageException.SignatureRefused;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bouncycastle.bcpg.ArmoredInputStream;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/// A text in the cleartext signature framework of OpenPGP (RFC 9580 §7), as Debian's `InRelease`
/// is. Only what was signed comes out: nothing may stand before, between or after.
record SignedText(List<String> lines) {
  private static final String BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----";
  private static final String SIGNATURE = "-----BEGIN PGP SIGNATURE-----";
  private static final String END = "-----END PGP SIGNATURE-----";

  private static final Set<Integer> STRONG =
      Set.of(HashAlgorithmTags.SHA256, HashAlgorithmTags.SHA384, HashAlgorithmTags.SHA512);

  SignedText {
    lines = List.copyOf(lines);
  }

  /// @param name of the text, for messages
  static SignedText verify(String name, byte[] content, ArchiveKeys keys, Instant now)
      throws SignatureRefused {
    List<String> all = new String(content, StandardCharsets.UTF_8).lines().toList();
    int first = all.indexOf("");
    int signature = all.indexOf(SIGNATURE);
    boolean framed =
        !all.isEmpty()
            && all.getFirst().stripTrailing().equals(BEGIN)
            && first > 0
            && first < signature
            && all.indexOf(END) == lastWithText(all)
            && all.subList(1, first).stream().allMatch(line -> line.startsWith("Hash: "));
    if (!framed) {
      throw new SignatureRefused(
          name
              + " is not a signed text: this is no Debian mirror, or a page of a network that wants"
              + " a log-in came in its place; open a browser, or set "
              + Mirrors.VARIABLE);
    }
    List<String> lines = new ArrayList<>();
    for (String line : all.subList(first + 1, signature)) {
      lines.add(line.startsWith("- ") ? line.substring(2) : line);
    }
    String armored = String.join("\n", all.subList(signature, all.size())) + "\n";
    requireGood(name, lines, armored, keys, now);
    return new SignedText(lines);
  }

  private static int lastWithText(List<String> lines) {
    int last = lines.size() - 1;
    while (last >= 0 && lines.get(last).isBlank()) {
      last--;
    }
    return last;
  }

  private static void requireGood(
      String name, List<String> lines, String armored, ArchiveKeys keys, Instant now)
      throws SignatureRefused {
    byte[] signed = canonical(lines);
    List<String> reasons = new ArrayList<>();
    try {
      var in =
          new ArmoredInputStream(
              new ByteArrayInputStream(armored.getBytes(StandardCharsets.US_ASCII)));
      if (new BcPGPObjectFactory(in).nextObject() instanceof PGPSignatureList signatures) {
        for (PGPSignature signature : signatures) {
          String reason = refusal(signature, signed, keys, now);
          if (reason.isEmpty()) {
            return;
          }
          reasons.add("%016X: %s".formatted(signature.getKeyID(), reason));
        }
      }
    } catch (IOException | PGPException | RuntimeException e) {
      reasons.add("it can't be read: " + e);
    }
    throw new SignatureRefused(
        name
            + " has no good signature of a key in "
            + keys.origin()
            + " "
            + reasons
            + ": update the package debian-archive-keyring, or name a keyring with "
            + ArchiveKeys.VARIABLE
            + ", or set "
            + Mirrors.VARIABLE
            + " to another mirror");
  }

  /// @return why the signature does not count; empty when it does
  private static String refusal(
      PGPSignature signature, byte[] signed, ArchiveKeys keys, Instant now) throws PGPException {
    boolean document =
        signature.getSignatureType() == PGPSignature.CANONICAL_TEXT_DOCUMENT
            || signature.getSignatureType() == PGPSignature.BINARY_DOCUMENT;
    if (!document || !STRONG.contains(signature.getHashAlgorithm())) {
      return "not a SHA-2 signature of a document";
    }
    String reason = "the key is not trusted";
    for (PGPPublicKey key : keys.withId(signature.getKeyID())) {
      signature.init(new BcPGPContentVerifierBuilderProvider(), key);
      signature.update(signed);
      if (!signature.verify()) {
        reason = "the text is not what was signed";
      } else if (key.hasRevocation()) {
        reason = "the key was revoked";
      } else if (expired(key, now)) {
        reason = "the key has expired";
      } else {
        return "";
      }
    }
    return reason;
  }

  private static boolean expired(PGPPublicKey key, Instant now) {
    long seconds = key.getValidSeconds();
    return seconds > 0 && key.getCreationTime().toInstant().plusSeconds(seconds).isBefore(now);
  }

  /// Line ends are CR LF, blanks at the end of a line and the last line end are not signed (RFC
  /// 9580 §7.2).
  private static byte[] canonical(List<String> lines) {
    StringBuilder text = new StringBuilder();
    String lineEnd = "";
    for (String line : lines) {
      int end = line.length();
      while (end > 0 && (line.charAt(end - 1) == ' ' || line.charAt(end - 1) == '\t')) {
        end--;
      }
      text.append(lineEnd).append(line, 0, end);
      lineEnd = "\r\n";
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
