package brume.billing.archive;

import brume.billing.CopyQuery;
import brume.billing.rating.Period;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.Objects;
import org.apache.parquet.hadoop.ParquetWriter;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// Moves a month's usage from the database to a file: written, read back, and only then dropped,
/// all in one transaction that keeps the month from changing. A run that dies leaves the month as
/// it was, and perhaps a file that the next one writes anew.
public final class UsageArchive {
  private final JdbcTemplate jdbc;
  private final JdbcClient client;
  private final TransactionOperations transaction;
  private final Clock clock;
  private final @Nullable Path folder;

  /// @param folder where the files go; null where the operator gave none
  public UsageArchive(
      JdbcTemplate jdbc, TransactionOperations transaction, Clock clock, @Nullable Path folder) {
    this.jdbc = jdbc;
    this.client = JdbcClient.create(jdbc);
    this.transaction = transaction;
    this.clock = clock;
    this.folder = folder;
  }

  /// @param part 1, or more where something of the month was known after it was archived
  /// @param sha256 of the file, in hex
  public record Archived(int part, String file, long records, long bytes, String sha256) {}

  /// What was written, or read again.
  ///
  /// @param digest of all fields of all records, in order
  private record Content(long records, String digest) {}

  /// Counts and digests records: two ways to them are the same where this is.
  private static final class Tally {
    private final MessageDigest digest = sha256();
    private long records;

    private void add(ArchivedUsage usage) {
      records++;
      digest.update(usage.toString().getBytes(StandardCharsets.UTF_8));
      digest.update((byte) '\n');
    }

    private Content content() {
      return new Content(records, HexFormat.of().formatHex(digest.digest()));
    }
  }

  /// @throws ArchiveRefused where the month has to stay
  public Archived archive(Period period) {
    Path into = folder;
    if (into == null) {
      throw new ArchiveRefused("no folder for archives is set: brume.billing.archive-folder");
    }
    if (clock.instant().isBefore(period.end())) {
      throw new ArchiveRefused("the month is not over before " + period.end());
    }
    return Objects.requireNonNull(
        transaction.execute(status -> {
          try {
            return archive(period, Files.createDirectories(into));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }));
  }

  private Archived archive(Period period, Path into) throws IOException {
    LocalDate month = period.start().atOffset(ZoneOffset.UTC).toLocalDate();
    requireThere(month);
    client.sql("SELECT billing.hold_usage_month(?)").param(month).query((row, index) -> 1).single();
    requireIssued(month, period);
    int part =
        1
            + client
                .sql("SELECT count(*) FROM billing.usage_archive WHERE month = ?")
                .param(month)
                .query(Integer.class)
                .single();
    Path file = into.resolve("usage-" + month.toString().substring(0, 7) + "-" + part + ".parquet");
    Path draft = into.resolve(file.getFileName() + ".draft");
    byte[] sha256 = sha256().digest();
    Content written;
    try (OutputStream out = Files.newOutputStream(draft);
        DigestOutputStream digested = new DigestOutputStream(out, sha256())) {
      written = write(month, digested);
      sha256 = digested.getMessageDigest().digest();
    }
    settle(draft);
    Tally tally = new Tally();
    UsageParquet.each(draft, tally::add);
    if (!tally.content().equals(written) || !MessageDigest.isEqual(sha256, digest(draft))) {
      throw new IllegalStateException(
          draft + " does not read as it was written: nothing is dropped");
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    settle(into);
    client
        .sql("SELECT billing.drop_usage_month(?, ?, ?, ?)")
        .params(month, file.toString(), written.records(), sha256)
        .query((row, index) -> row.getInt(1))
        .single();
    return new Archived(
        part,
        file.toString(),
        written.records(),
        Files.size(file),
        HexFormat.of().formatHex(sha256));
  }

  private void requireThere(LocalDate month) {
    boolean used =
        client
            .sql("SELECT EXISTS (SELECT 1 FROM billing.usage WHERE month = ?)")
            .param(month)
            .query(Boolean.class)
            .single();
    if (!used) {
      throw new ArchiveRefused("the database has no usage of that month");
    }
  }

  private void requireIssued(LocalDate month, Period period) {
    client
        .sql(
            """
            SELECT u.account_id FROM (SELECT DISTINCT account_id FROM billing.usage
              WHERE month = :month) u
            WHERE NOT EXISTS (
              SELECT 1 FROM billing.invoice i WHERE i.account_id = u.account_id
                AND i.period_start = :start AND i.state IN ('issued', 'paid'))
            ORDER BY 1 LIMIT 1
            """)
        .param("month", month)
        .param("start", period.start().atOffset(ZoneOffset.UTC))
        .query((row, index) -> row.getString("account_id"))
        .optional()
        .ifPresent(account -> {
          throw new ArchiveRefused(
              "account " + account + " has no invoice of the month that stands");
        });
  }

  private Content write(LocalDate month, OutputStream out) throws IOException {
    Tally tally = new Tally();
    try (ParquetWriter<ArchivedUsage> writer = UsageParquet.writer(out)) {
      jdbc.execute((Connection connection) -> {
        CopyQuery.each(
            connection,
            ArchivedUsage.QUERY.formatted(month),
            row -> {
              ArchivedUsage usage = ArchivedUsage.read(row);
              tally.add(usage);
              try {
                writer.write(usage);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
        return null;
      });
    }
    return tally.content();
  }

  /// On the disk, whatever happens to the machine from here on.
  private static void settle(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static byte[] digest(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] piece = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        digest.update(piece, 0, read);
      }
    }
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
