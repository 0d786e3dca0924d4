package brume.compute.ec2.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// XML in UTF-8 as it grows: markup as it is, text with what can't stand for itself replaced.
/// Nearly all text is printable ASCII, which is copied as it is.
final class XmlBytes {
  private static final int UTF8_BYTES_MAX = 3; // of a char; a pair of them has 4

  private static final int PIECE = 32 * 1024;

  private final List<Piece> full = new ArrayList<>();
  private byte[] bytes = new byte[PIECE];
  private int length;

  /// A buffer that ran out of room: one that grows is copied each time.
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  private record Piece(byte[] bytes, int length) {}

  void markup(byte[] markup) {
    ensure(markup.length);
    System.arraycopy(markup, 0, bytes, length, markup.length);
    length += markup.length;
  }

  void text(String text) {
    ensure(text.length());
    int at = length;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '&' || c == '<' || c == '>') {
        length = at;
        unusual(text, i);
        return;
      }
      bytes[at++] = (byte) c;
    }
    length = at;
  }

  private void unusual(String text, int from) {
    ensure((text.length() - from) * Math.max(UTF8_BYTES_MAX, "&amp;".length()));
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      String instead = instead(c);
      int end = i + 1;
      if (Character.isHighSurrogate(c)
          && end < text.length()
          && Character.isLowSurrogate(text.charAt(end))) {
        instead = text.substring(i, ++end);
        i++;
      }
      byte[] encoded =
          (instead == null ? String.valueOf(c) : instead).getBytes(StandardCharsets.UTF_8);
      System.arraycopy(encoded, 0, bytes, length, encoded.length);
      length += encoded.length;
    }
  }

  /// What stands for a character that can't stand for itself; null where it can. XML 1.0 has no way
  /// to write most control characters and no half of a pair (§2.2), and a parser makes a plain
  /// carriage return a line feed (§2.11).
  private static @Nullable String instead(char c) {
    return switch (c) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      case '\r' -> "&#13;";
      case '\t', '\n' -> null;
      default -> c < ' ' || c >= '\uFFFE' || Character.isSurrogate(c) ? "\uFFFD" : null;
    };
  }

  /// With milliseconds, which are cut off and not rounded: `2026-11-22T11:29:42.000Z`.
  void time(Instant time) {
    LocalDateTime utc = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
    ensure(24);
    digits(utc.getYear(), 4, '-');
    digits(utc.getMonthValue(), 2, '-');
    digits(utc.getDayOfMonth(), 2, 'T');
    digits(utc.getHour(), 2, ':');
    digits(utc.getMinute(), 2, ':');
    digits(utc.getSecond(), 2, '.');
    digits(utc.getNano() / 1_000_000, 3, 'Z');
  }

  private void digits(int number, int count, char behind) {
    int left = number;
    for (int i = length + count - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
    length += count;
    bytes[length++] = (byte) behind;
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      full.add(new Piece(bytes, length));
      bytes = new byte[Math.max(PIECE, more)];
      length = 0;
    }
  }

  byte[] toArray() {
    byte[] all = new byte[full.stream().mapToInt(Piece::length).sum() + length];
    int at = 0;
    for (Piece piece : full) {
      System.arraycopy(piece.bytes(), 0, all, at, piece.length());
      at += piece.length();
    }
    System.arraycopy(bytes, 0, all, at, length);
    return all;
  }
}
