package brume.billing;

import static org.assertj.core.api.Assertions.assertThat;

import brume.db.TestDatabase;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/// What goes in comes out, as the database itself writes it.
class CopyRowsDbTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();

  private interface Filler {
    void fill(CopyRows rows) throws SQLException;
  }

  private static List<String> sent(String type, Filler filler) throws SQLException {
    try (Connection connection = DATABASE.ownerDataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS public.sent");
      statement.execute("CREATE TABLE public.sent (n integer, value " + type + ")");
      try (CopyRows rows = new CopyRows(connection, "public.sent (n, value)")) {
        filler.fill(rows);
        rows.end();
      }
    }
    return new JdbcTemplate(DATABASE.ownerDataSource())
        .queryForList("SELECT value::text FROM public.sent ORDER BY n", String.class);
  }

  @Test
  void numbersKeepEveryDigitAndTheirScale() throws SQLException {
    Random random = new Random(1);
    List<BigDecimal> numbers = new ArrayList<>();
    for (String text :
        List.of(
            "0",
            "0.00",
            "-0.000001",
            "10000",
            "-100000000",
            "0.00010000",
            "99999999.99999999",
            "9223372036854775807",
            "9223372036854775808",
            "-189767761264640000000")) {
      numbers.add(new BigDecimal(text));
    }
    for (int i = 0; i < 2_000; i++) {
      BigInteger digits = new BigInteger(random.nextInt(200), random);
      numbers.add(
          new BigDecimal(random.nextBoolean() ? digits : digits.negate(), random.nextInt(12)));
    }
    List<String> came =
        sent(
            "numeric",
            rows -> {
              for (int i = 0; i < numbers.size(); i++) {
                rows.row(2).integer(i).numeric(numbers.get(i));
              }
            });
    assertThat(came).isEqualTo(numbers.stream().map(BigDecimal::toPlainString).toList());
    assertThat(sent("numeric", rows -> rows.row(2).integer(1).numeric(BigInteger.TEN.pow(30))))
        .containsExactly("1" + "0".repeat(30));
  }

  @Test
  void textsArraysTimesAndNulls() throws SQLException {
    assertThat(
            sent(
                "text",
                rows -> {
                  rows.row(2).integer(1).text("tab\t, line\n, \\N and é");
                  rows.row(2).integer(2).text(null);
                  rows.row(2).integer(3).text("x".repeat(300_000));
                }))
        .containsExactly("tab\t, line\n, \\N and é", null, "x".repeat(300_000));
    assertThat(sent("jsonb", rows -> rows.row(2).integer(1).jsonb("{\"a\":  1}")))
        .containsExactly("{\"a\": 1}");
    assertThat(
            sent(
                "bigint[]",
                rows -> {
                  rows.row(2).integer(1).bigints(new long[] {});
                  rows.row(2).integer(2).bigints(new long[] {-1, Long.MAX_VALUE});
                }))
        .containsExactly("{}", "{-1,9223372036854775807}");
    assertThat(
            sent(
                "timestamptz",
                rows -> rows.row(2).integer(1).time(Instant.parse("1999-12-31T23:59:59.5Z"))))
        .containsExactly("1999-12-31 23:59:59.5+00");
    assertThat(sent("boolean", rows -> rows.row(2).integer(1).bool(true))).containsExactly("true");
  }

  @Test
  void whatWasNotEndedIsNotThere() throws SQLException {
    try (Connection connection = DATABASE.ownerDataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE public.half (n bigint)");
      try (CopyRows rows = new CopyRows(connection, "public.half (n)")) {
        for (int i = 0; i < 100_000; i++) {
          rows.row(1).bigint(i);
        }
      }
      statement.execute("INSERT INTO public.half VALUES (7)");
    }
    assertThat(
            new JdbcTemplate(DATABASE.ownerDataSource())
                .queryForList("SELECT n FROM public.half", Long.class))
        .containsExactly(7L);
  }
}
