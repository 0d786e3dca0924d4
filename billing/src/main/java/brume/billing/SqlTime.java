package brume.billing;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How an instant goes into a `timestamptz` and comes out of one: always as UTC, so that no
/// session's or machine's zone takes part.
public final class SqlTime {
  private SqlTime() {}

  public static OffsetDateTime in(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  public static Instant out(ResultSet row, String column) throws SQLException {
    return Objects.requireNonNull(outOrNull(row, column), column);
  }

  public static @Nullable Instant outOrNull(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
