package brume.cli.serial;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/// Takes the question where the cursor is (`ESC [ 6 n`) out of what a guest prints. A guest's shell
/// asks it with each prompt; the terminal would type the answer into whatever reads next: for
/// output that is repeated, or printed and not talked to, into somebody else's shell.
public final class CursorQuestions {
  private static final byte[] QUESTION = {0x1b, '[', '6', 'n'};

  /// How much of the question the last bytes were.
  private int matched;

  /// The bytes without the questions; a beginning of one is kept back until more comes.
  public byte[] without(byte[] bytes) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(bytes.length + QUESTION.length);
    for (byte next : bytes) {
      if (next == QUESTION[matched]) {
        matched++;
        if (matched == QUESTION.length) {
          matched = 0;
        }
        continue;
      }
      kept.write(QUESTION, 0, matched);
      matched = next == QUESTION[0] ? 1 : 0;
      if (matched == 0) {
        kept.write(next);
      }
    }
    return kept.toByteArray();
  }

  /// What was kept back, when nothing more comes.
  public byte[] rest() {
    byte[] rest = Arrays.copyOf(QUESTION, matched);
    matched = 0;
    return rest;
  }
}
