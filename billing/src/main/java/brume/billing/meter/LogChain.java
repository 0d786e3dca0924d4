package brume.billing.meter;

import brume.billing.TimeText;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A chain of digests over the log: each head is the digest of the head before it and one
/// transition, so that it is a name for everything up to there. Pure.
///
/// ```
/// head(0) = 32 zero bytes
/// head(n) = SHA-256(head(n - 1) ‖ seq ⏎ resource ⏎ epoch ⏎ account ⏎ sku ⏎ state ⏎ at ⏎)
/// ```
///
/// What is no instance's has its kind and its size after that, a line each.
public final class LogChain {
  private static final int TEXT_LENGTH = 512;
  private static final int ASCII_MAX = 127;

  private final MessageDigest digest;
  private final StringBuilder text = new StringBuilder(TEXT_LENGTH);
  private final TimeText time = new TimeText();
  private final char[] letters = new char[TEXT_LENGTH];
  private final byte[] bytes = new byte[TEXT_LENGTH];
  private final byte[] head;

  public LogChain(byte[] head) {
    this.head = head.clone();
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// Of an empty log.
  public static LogChain empty() {
    return new LogChain(new byte[32]);
  }

  public void add(Transition transition) {
    text.setLength(0);
    text.append(transition.seq())
        .append('\n')
        .append(transition.resourceId())
        .append('\n')
        .append(transition.epoch())
        .append('\n')
        .append(transition.accountId())
        .append('\n')
        .append(transition.sku())
        .append('\n')
        .append(transition.state().name())
        .append('\n');
    time.append(text, transition.at());
    text.append('\n');
    if (transition.kind() != ResourceKind.INSTANCE) {
      text.append(transition.kind().text()).append('\n').append(transition.size()).append('\n');
    }
    digest.update(head);
    update();
    try {
      digest.digest(head, 0, head.length);
    } catch (DigestException e) {
      throw new IllegalStateException("a head has the digest's length", e);
    }
  }

  /// With the text in UTF-8; made without an object where all of it is ASCII, as it nearly is.
  private void update() {
    int length = text.length();
    if (length <= letters.length) {
      text.getChars(0, length, letters, 0);
      int all = 0;
      for (int i = 0; i < length; i++) {
        all |= letters[i];
        bytes[i] = (byte) letters[i];
      }
      if (all <= ASCII_MAX) {
        digest.update(bytes, 0, length);
        return;
      }
    }
    digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  public byte[] head() {
    return head.clone();
  }

  public String text() {
    return HexFormat.of().formatHex(head);
  }
}
