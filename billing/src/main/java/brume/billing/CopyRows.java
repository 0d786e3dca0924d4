package brume.billing;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// Rows on their way into a table, by COPY in its binary form: the database need not parse again
/// what was a number before. They are sent in pieces of bounded size, and are there after [#end].
public final class CopyRows implements AutoCloseable {
  private static final byte[] SIGNATURE =
      "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final int PIECE_BYTES = 1 << 16;
  private static final int BIGINT_TYPE = 20;
  private static final long EPOCH_2000_SECONDS = 946_684_800L;
  private static final int NULL = -1;

  /// Numerics are digits to the base of ten thousand.
  private static final int DIGIT_DECIMALS = 4;

  private static final int DIGIT_BASE = 10_000;
  private static final int NEGATIVE = 0x4000;
  private static final long LONG_BASE = 10_000_000_000_000_000L;
  private static final BigInteger LONG_BASE_BIG = BigInteger.valueOf(LONG_BASE);
  private static final int LONG_DIGITS = 4;

  private final CopyIn copy;
  private byte[] piece = new byte[2 * PIECE_BYTES];
  private int used;
  private short[] digits = new short[16];

  /// @param into the table, and its columns in parentheses
  public CopyRows(Connection connection, String into) throws SQLException {
    copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY " + into + " FROM STDIN (FORMAT binary)");
    put(SIGNATURE);
    put(0, Integer.BYTES);
    put(0, Integer.BYTES);
  }

  /// Begins the next row.
  public CopyRows row(int fields) throws SQLException {
    if (used > PIECE_BYTES) {
      copy.writeToCopy(piece, 0, used);
      used = 0;
    }
    put(fields, Short.BYTES);
    return this;
  }

  /// All rows were given.
  public void end() throws SQLException {
    put(NULL, Short.BYTES);
    copy.writeToCopy(piece, 0, used);
    copy.endCopy();
  }

  /// Takes back what was not ended.
  @Override
  public void close() throws SQLException {
    if (copy.isActive()) {
      copy.cancelCopy();
    }
  }

  public CopyRows text(@Nullable String value) throws SQLException {
    if (value == null) {
      return none();
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    put(bytes.length, Integer.BYTES);
    put(bytes);
    return this;
  }

  /// JSON, which the database parses.
  public CopyRows jsonb(@Nullable String value) throws SQLException {
    if (value == null) {
      return none();
    }
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    put(bytes.length + 1, Integer.BYTES);
    put(1, Byte.BYTES);
    put(bytes);
    return this;
  }

  public CopyRows none() {
    put(NULL, Integer.BYTES);
    return this;
  }

  public CopyRows integer(int value) {
    put(Integer.BYTES, Integer.BYTES);
    put(value, Integer.BYTES);
    return this;
  }

  public CopyRows bigint(long value) {
    put(Long.BYTES, Integer.BYTES);
    put(value, Long.BYTES);
    return this;
  }

  public CopyRows bool(boolean value) {
    put(1, Integer.BYTES);
    put(value ? 1 : 0, Byte.BYTES);
    return this;
  }

  public CopyRows time(Instant time) {
    return bigint(
        (time.getEpochSecond() - EPOCH_2000_SECONDS) * 1_000_000L + time.getNano() / 1_000);
  }

  /// An array of bigints.
  public CopyRows bigints(long[] values) {
    int dimensions = values.length == 0 ? 0 : 1;
    int head = (3 + 2 * dimensions) * Integer.BYTES;
    put(head + values.length * (Integer.BYTES + Long.BYTES), Integer.BYTES);
    put(dimensions, Integer.BYTES);
    put(0, Integer.BYTES);
    put(BIGINT_TYPE, Integer.BYTES);
    if (dimensions == 1) {
      put(values.length, Integer.BYTES);
      put(1, Integer.BYTES);
    }
    for (long value : values) {
      bigint(value);
    }
    return this;
  }

  public CopyRows numeric(BigInteger value) {
    return numeric(value, 0);
  }

  /// @param value with no digits before the point cut off: its scale is 0 or more
  public CopyRows numeric(BigDecimal value) {
    return numeric(value.unscaledValue(), value.scale());
  }

  private CopyRows numeric(BigInteger unscaled, int scale) {
    int padding = Math.floorMod(-scale, DIGIT_DECIMALS);
    int fraction = (scale + padding) / DIGIT_DECIMALS;
    int count =
        digits(
            padding == 0 ? unscaled.abs() : unscaled.abs().multiply(BigInteger.TEN.pow(padding)));
    put((4 + count) * Short.BYTES, Integer.BYTES);
    put(count, Short.BYTES);
    put(count - fraction - 1, Short.BYTES);
    put(unscaled.signum() < 0 ? NEGATIVE : 0, Short.BYTES);
    put(scale, Short.BYTES);
    for (int i = count - 1; i >= 0; i--) {
      put(digits[i], Short.BYTES);
    }
    return this;
  }

  /// Works out a number's digits, the least first.
  private int digits(BigInteger number) {
    int count = 0;
    BigInteger left = number;
    while (left.bitLength() >= Long.SIZE) {
      BigInteger[] divided = left.divideAndRemainder(LONG_BASE_BIG);
      long low = divided[1].longValueExact();
      for (int i = 0; i < LONG_DIGITS; i++) {
        digit(count++, (int) (low % DIGIT_BASE));
        low /= DIGIT_BASE;
      }
      left = divided[0];
    }
    for (long rest = left.longValueExact(); rest != 0; rest /= DIGIT_BASE) {
      digit(count++, (int) (rest % DIGIT_BASE));
    }
    return count;
  }

  private void digit(int place, int digit) {
    if (place == digits.length) {
      digits = Arrays.copyOf(digits, 2 * place);
    }
    digits[place] = (short) digit;
  }

  private void put(byte[] bytes) {
    room(bytes.length);
    System.arraycopy(bytes, 0, piece, used, bytes.length);
    used += bytes.length;
  }

  /// The last bytes of a number, the greatest first.
  private void put(long value, int bytes) {
    room(bytes);
    for (int shift = (bytes - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      piece[used++] = (byte) (value >>> shift);
    }
  }

  private void room(int bytes) {
    if (used + bytes > piece.length) {
      piece = Arrays.copyOf(piece, 2 * (used + bytes));
    }
  }
}
