package brume.billing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/// A query whose rows come as a stream, by COPY in its binary form: in the query's order, in the
/// memory of one row, and made by several workers where the database sees fit. COPY takes no
/// parameters: whoever builds the query writes numbers and times into it, never a user's text.
public final class CopyQuery {
  private static final int SIGNATURE_BYTES = 11;
  private static final long EPOCH_2000_SECONDS = 946_684_800L;
  private static final long MICROS = 1_000_000L;
  private static final int TEXTS_KEPT = 1 << 10;

  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /// The row's fields, each behind its length, and how far they are read.
  private byte[] row = {};

  private int at;
  private final @Nullable String[] texts = new String[TEXTS_KEPT];

  private CopyQuery() {}

  /// Hears of each row; reads its fields in their order.
  @FunctionalInterface
  public interface Rows {
    void row(CopyQuery fields);
  }

  /// Runs in the connection's transaction, which goes on also where `rows` throws.
  public static void each(Connection connection, String query, Rows rows) throws SQLException {
    CopyOut copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY (" + query + ") TO STDOUT (FORMAT binary)");
    CopyQuery fields = new CopyQuery();
    RuntimeException failure = null;
    boolean first = true;
    for (byte[] bytes = copy.readFromCopy(); bytes != null; bytes = copy.readFromCopy()) {
      fields.row = bytes;
      fields.at = 0;
      if (first) {
        fields.skipHeader();
        first = false;
      }
      if (failure == null && fields.at < bytes.length && fields.count() >= 0) {
        try {
          rows.row(fields);
        } catch (RuntimeException e) {
          // The rest is read and left: the driver can't give up a stream and keep its connection.
          failure = e;
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void skipHeader() {
    at = SIGNATURE_BYTES + Integer.BYTES;
    int extension = length();
    at += extension;
  }

  /// How many fields there are; negative behind the last row.
  private short count() {
    short count = (short) SHORTS.get(row, at);
    at += Short.BYTES;
    return count;
  }

  /// Negative where the field is null.
  private int length() {
    int length = (int) INTS.get(row, at);
    at += Integer.BYTES;
    return length;
  }

  private void length(int bytes) {
    int given = length();
    if (given != bytes) {
      throw new IllegalStateException("a field of " + given + " bytes where " + bytes + " belong");
    }
  }

  public long bigint() {
    length(Long.BYTES);
    long value = (long) LONGS.get(row, at);
    at += Long.BYTES;
    return value;
  }

  public @Nullable Long bigintOrNull() {
    if ((int) INTS.get(row, at) < 0) {
      at += Integer.BYTES;
      return null;
    }
    return bigint();
  }

  public boolean bool() {
    length(1);
    return row[at++] != 0;
  }

  /// A time of whole microseconds.
  public Instant time() {
    long micros = bigint();
    return Instant.ofEpochSecond(
        EPOCH_2000_SECONDS + Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000);
  }

  public String text() {
    return Objects.requireNonNull(textOrNull(), "a text that is null");
  }

  public @Nullable String textOrNull() {
    int length = length();
    if (length < 0) {
      return null;
    }
    String text = new String(row, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  /// A text that many rows share: the same object for most of them.
  public String shared() {
    int length = length();
    byte[] bytes = row;
    int hash = length;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + bytes[at + i];
    }
    int slot = (hash ^ hash >>> 10 ^ hash >>> 20) & TEXTS_KEPT - 1;
    String kept = texts[slot];
    if (kept == null || !isSame(kept, bytes, at, length)) {
      kept = new String(bytes, at, length, StandardCharsets.UTF_8);
      texts[slot] = kept;
    }
    at += length;
    return kept;
  }

  private static boolean isSame(String kept, byte[] bytes, int at, int length) {
    if (kept.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      // Letters beyond ASCII never match a byte, and are read anew.
      if (kept.charAt(i) != bytes[at + i]) {
        return false;
      }
    }
    return true;
  }
}
