package brume.node.image.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.node.image.ImageException.SignatureRefused;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignedTextTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final Instant MADE = NOW.minus(Duration.ofDays(365));
  private static final String TEXT = "\nOrigin: Debian\n-dash and blanks \t \n\nEnd: é";

  @TempDir static Path folder;
  private static TestKey key;
  private static TestKey other;
  private static TestKey old;
  private static ArchiveKeys trusted;

  @BeforeAll
  static void makeKeys() throws Exception {
    key = new TestKey(MADE, 0);
    other = new TestKey(MADE, 0);
    old = new TestKey(MADE, Duration.ofDays(30).toSeconds());
    trusted = keyring(key);
  }

  private static ArchiveKeys keyring(TestKey of) throws Exception {
    Path file = of.writeKeyring(folder.resolve("keys" + of.hashCode()));
    return ArchiveKeys.of(Map.of("BRUME_DEBIAN_KEYRING", file.toString()));
  }

  @Test
  void givesBackExactlyWhatWasSigned() throws Exception {
    SignedText text = SignedText.verify("InRelease", key.sign(TEXT), trusted, NOW);
    assertThat(String.join("\n", text.lines())).isEqualTo(TEXT);
  }

  @Test
  void lineEndsOfAnotherSystemAreTheSameText() throws Exception {
    String signed = new String(key.sign(TEXT), StandardCharsets.UTF_8).replace("\n", "\r\n");
    SignedText.verify("InRelease", signed.getBytes(StandardCharsets.UTF_8), trusted, NOW);
  }

  @Test
  void oneChangedLetterIsRefused() {
    String changed =
        new String(key.sign(TEXT), StandardCharsets.UTF_8).replace("Debian", "Debiaan");
    refused(changed, trusted, "the text is not what was signed");
  }

  @Test
  void anotherKeyIsRefusedAndTheMessageSaysWhatToDo() {
    refused(text(other.sign(TEXT)), trusted, "the key is not trusted");
    refused(text(other.sign(TEXT)), trusted, "name a keyring with BRUME_DEBIAN_KEYRING");
  }

  @Test
  void aKeyWhoseTimeIsOverIsRefused() throws Exception {
    refused(text(old.sign(TEXT)), keyring(old), "the key has expired");
    SignedText.verify("x", old.sign(TEXT), keyring(old), MADE.plus(Duration.ofDays(1)));
  }

  @Test
  void aWeakDigestIsRefused() {
    refused(text(key.sign(TEXT, HashAlgorithmTags.SHA1)), trusted, "not a SHA-2 signature");
  }

  @Test
  void textOutsideTheSignatureIsRefused() {
    String signed = text(key.sign(TEXT));
    refused("Origin: evil\n" + signed, trusted, "is not a signed text");
    refused(signed + "Origin: evil\n", trusted, "is not a signed text");
    refused(signed.replace("Hash: SHA256\n", "Hash: SHA256\nOrigin: evil\n"), trusted, "is not a");
    refused(signed + signed, trusted, "is not a signed text");
  }

  @Test
  void aLogInPageIsNotTakenForAMirror() {
    refused("<html>please log in</html>", trusted, "open a browser");
    refused("", trusted, "is not a signed text");
  }

  @Test
  void aDamagedSignatureIsRefused() {
    String signed = text(key.sign(TEXT));
    int at = signed.indexOf("-----BEGIN PGP SIGNATURE-----") + 60;
    refused(signed.substring(0, at) + "####" + signed.substring(at + 4), trusted, "no good");
  }

  @Test
  void theShippedKeysAreThoseOfTheRelease() throws Exception {
    ArchiveKeys keys = ArchiveKeys.of(Map.of());
    // Debian's archive and stable release keys for trixie.
    assertThat(keys.withId(0x78DBA3BC47EF2265L)).isNotEmpty();
    assertThat(keys.withId(0x762F67A0B2C39DE4L)).isNotEmpty();
  }

  private static String text(byte[] signed) {
    return new String(signed, StandardCharsets.UTF_8);
  }

  private static void refused(String content, ArchiveKeys keys, String reason) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> SignedText.verify("InRelease", bytes, keys, NOW))
        .isInstanceOf(SignatureRefused.class)
        .hasMessageContaining(reason);
  }
}
