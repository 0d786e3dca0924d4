package brume.bench.billing;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;

/// Rows on their way into a table, in COPY's binary form.
final class CopyRows implements AutoCloseable {
  private static final byte[] SIGNATURE =
      "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final long EPOCH_2000_MILLIS = 946_684_800_000L;
  private static final long EPOCH_2000_DAYS = 10_957;

  private final DataOutputStream out;

  CopyRows(Connection connection, String columns) throws SQLException, IOException {
    String sql = "COPY " + columns + " FROM STDIN (FORMAT binary)";
    PGCopyOutputStream copy = new PGCopyOutputStream(connection.unwrap(PGConnection.class), sql);
    out = new DataOutputStream(new BufferedOutputStream(copy, 1 << 16));
    out.write(SIGNATURE);
    out.writeInt(0);
    out.writeInt(0);
  }

  CopyRows row(int fields) throws IOException {
    out.writeShort(fields);
    return this;
  }

  CopyRows text(String value) throws IOException {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
    return this;
  }

  CopyRows bigint(long value) throws IOException {
    out.writeInt(8);
    out.writeLong(value);
    return this;
  }

  CopyRows integer(int value) throws IOException {
    out.writeInt(4);
    out.writeInt(value);
    return this;
  }

  CopyRows bool(boolean value) throws IOException {
    out.writeInt(1);
    out.writeByte(value ? 1 : 0);
    return this;
  }

  CopyRows time(long millis) throws IOException {
    return bigint((millis - EPOCH_2000_MILLIS) * 1000);
  }

  /// The first day of a time's month.
  CopyRows month(long millis) throws IOException {
    LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    return integer((int) (day.withDayOfMonth(1).toEpochDay() - EPOCH_2000_DAYS));
  }

  @Override
  public void close() throws IOException {
    out.writeShort(-1);
    out.close();
  }
}
