package brume.bench.billing;

import brume.bench.Report;
import brume.bench.Report.Better;
import brume.billing.export.InvoicePdf;
import brume.billing.invoice.Invoice;
import brume.billing.invoice.MonthClose;
import brume.billing.invoice.UsageAudit;
import brume.billing.rating.Period;
import brume.contract.CacheFolder;
import brume.db.EmbeddedPostgres;
import brume.db.Migrations;
import brume.db.ServiceRole;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/// A month at size on a database that survives a crash: the audit, the closing, what a user looks
/// at, and the meter under a steady stream. `--scale 0.1` makes a tenth of the month; `--data
/// FOLDER` keeps it there, so that it is made once for several runs; `--only make,close` does a
/// part.
public final class BillingBench {
  private static final String PASSWORD = "bench";
  private static final long HEAP_BYTES = 1L << 30;
  private static final int ACCOUNTS = 5_000;
  private static final int RESOURCES = 2_000_000;
  private static final int RUNS = 5;
  private static final int LOOKS = 1_000;
  private static final int PDFS = 20;
  private static final Set<String> PARTS = Set.of("make", "look", "close", "meter");
  private static final Period MONTH = Period.of(YearMonth.of(2026, 10));
  private static final Instant AFTER = Instant.parse("2026-11-02T00:00:00Z");

  private BillingBench() {}

  /// Measures in a process of its own, with the heap that the aim allows.
  public static int run(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx1g", "-XX:+UseParallelGC", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add("-Dlogback.configurationFile=brume/standalone/logback.xml");
    command.add(BillingBench.class.getName());
    command.addAll(arguments);
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  public static void main(String[] arguments) throws Exception {
    double scale = 1;
    Path folder = null;
    Set<String> parts = PARTS;
    for (int i = 0; i < arguments.length; i += 2) {
      switch (arguments[i] + (i + 1 < arguments.length ? "" : "?")) {
        case "--scale" -> scale = Double.parseDouble(arguments[i + 1]);
        case "--data" -> folder = Path.of(arguments[i + 1]);
        case "--only" -> parts = Set.of(arguments[i + 1].split(","));
        default -> {
          System.err.println(
              "usage: bench billing [--scale 0.1] [--data FOLDER]"
                  + " [--only make,look,close,meter]");
          System.exit(2);
        }
      }
    }
    if (folder == null) {
      folder = Files.createTempDirectory("brume-bench");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    tune(folder);
    try (EmbeddedPostgres postgres = start(folder)) {
      String pid = Files.readAllLines(folder.resolve("postgres/data/postmaster.pid")).getFirst();
      measure(postgres, Long.parseLong(pid.strip()), scale, parts);
    }
  }

  private static EmbeddedPostgres start(Path folder) {
    return EmbeddedPostgres.start(
        folder.resolve("postgres"),
        CacheFolder.of(System.getenv()),
        EmbeddedPostgres.Durability.DURABLE);
  }

  /// As much memory as an operator would give it; how durable a commit is stays as it was.
  private static void tune(Path folder) {
    try (EmbeddedPostgres postgres = start(folder)) {
      JdbcTemplate owner = new JdbcTemplate(owner(postgres, "postgres"));
      owner.execute("ALTER SYSTEM SET shared_buffers = '3GB'");
      owner.execute("ALTER SYSTEM SET max_wal_size = '16GB'");
      owner.execute("ALTER SYSTEM SET checkpoint_timeout = '15min'");
    }
  }

  private static PGSimpleDataSource owner(EmbeddedPostgres postgres, String database) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(postgres.url(database));
    source.setUser(EmbeddedPostgres.OWNER);
    source.setPassword(postgres.password());
    return source;
  }

  private static void measure(
      EmbeddedPostgres postgres, long postmaster, double scale, Set<String> only) throws Exception {
    int accounts = Math.max(10, (int) (ACCOUNTS * scale));
    int resources = Math.max(100, (int) (RESOURCES * scale));
    String name = "bench_" + resources;
    JdbcTemplate server = new JdbcTemplate(owner(postgres, "postgres"));
    boolean there =
        !server.queryForList("SELECT 1 FROM pg_database WHERE datname = ?", name).isEmpty();
    if (!there) {
      server.execute("CREATE DATABASE " + name);
    }
    Migrations.apply(postgres.url(name), EmbeddedPostgres.OWNER, postgres.password(), PASSWORD);
    JdbcTemplate owner = new JdbcTemplate(owner(postgres, name));
    if (!there) {
      fill(owner(postgres, name), accounts, resources);
    }
    owner.execute(
        "TRUNCATE billing.invoice_line, billing.invoice_sum, billing.credit_use, billing.invoice,"
            + " billing.invoice_number");
    Clock clock = Clock.fixed(AFTER, ZoneOffset.UTC);
    try (BillingParts parts =
        new BillingParts(postgres.url(name), ServiceRole.BILLING.roleName(), PASSWORD, clock)) {
      if (only.contains("look")) {
        looks(parts, owner, postmaster);
      }
      if (only.contains("close")) {
        closing(parts, owner, postmaster, scale);
        paper(parts, owner);
        System.out.printf(
            "JVM heap: at most %d MiB used at once of %d MiB allowed%n",
            peak() >> 20, HEAP_BYTES >> 20);
      }
      if (only.contains("meter")) {
        Metering.measure(parts, owner(postgres, name), accounts);
      }
    }
  }

  private static void fill(PGSimpleDataSource owner, int accounts, int resources)
      throws SQLException, IOException {
    System.out.printf("making %d intervals of %d accounts ...%n", resources * RUNS, accounts);
    long started = System.nanoTime();
    MonthLog month = new MonthLog(1, accounts, resources, RUNS, MONTH.start(), MONTH.end());
    new MonthLoad(owner).load(month, accounts, MONTH.start());
    System.out.printf("made in %.0f s%n", seconds(started));
  }

  private static void looks(BillingParts parts, JdbcTemplate owner, long postmaster) {
    String account =
        Objects.requireNonNull(
            owner.queryForObject(
                """
                SELECT account_id FROM billing.usage GROUP BY account_id
                ORDER BY abs(count(*) - 2000), account_id LIMIT 1
                """,
                String.class));
    List<Double> millis = new ArrayList<>();
    Invoice last = parts.drafts.current(account, "bench", MONTH.end().minusSeconds(1));
    Spent spent = new Spent(postmaster);
    for (int look = 0; look < 2 * LOOKS; look++) {
      long started = System.nanoTime();
      last = parts.drafts.current(account, "bench", MONTH.end().minusSeconds(1 + look % 60));
      if (look >= LOOKS) {
        millis.add(seconds(started) * 1e3);
      }
    }
    long intervals = last.lines().stream().mapToLong(Invoice.Line::intervalsTotal).sum();
    Collections.sort(millis);
    Report.print(
        "month to date of " + intervals + " intervals, p99",
        List.of(millis.get(millis.size() * 99 / 100)),
        "ms",
        10,
        Better.LESS);
    System.out.printf("  median %.2f ms of %d%n", millis.get(millis.size() / 2), LOOKS);
    spent.print();
  }

  private static void closing(
      BillingParts parts, JdbcTemplate owner, long postmaster, double scale) {
    Spent audit = new Spent(postmaster);
    UsageAudit.Verdict verdict = parts.audit.check(MONTH, MONTH.closedAsOf());
    Report.print(
        "audit of " + verdict.transitions() + " transitions",
        List.of(audit.seconds()),
        "s",
        15 * scale,
        Better.LESS);
    audit.print();
    if (!verdict.agrees()) {
      throw new IllegalStateException("the audit differs: " + verdict.differences().size());
    }
    Spent issue = new Spent(postmaster);
    MonthClose.Outcome outcome = parts.close.issueAll(MONTH, verdict);
    double seconds = issue.seconds();
    issue.print();
    long lines =
        Objects.requireNonNull(
            owner.queryForObject("SELECT count(*) FROM billing.invoice_line", Long.class));
    Report.print(
        outcome.issued() + " invoices issued, " + lines + " lines",
        List.of(seconds),
        "s",
        20 * scale,
        Better.LESS);
    Report.print(
        "micro-units of difference, lines to seconds x prices",
        List.of(difference(owner).doubleValue()),
        "",
        0,
        Better.LESS);
  }

  /// Of the accounts together, without any of the product's code: what the lines come to, less what
  /// all seconds come to at their prices. A part is 1/(225 * 2^30 * 10^4) of a micro-unit.
  private static BigDecimal difference(JdbcTemplate owner) {
    return Objects.requireNonNull(
        owner.queryForObject(
            """
            SELECT abs((SELECT sum(parts) FROM billing.invoice_line)
                       - (SELECT sum(greatest(u.seconds, 1)::numeric * p.micros)
                                 * (225 * 1073741824::numeric * 10000) / 3600
                          FROM billing.usage u JOIN billing.price p USING (meter, sku)
                          WHERE u.ended_at < ?::timestamptz))
                   / (225 * 1073741824::numeric * 10000)
            """,
            BigDecimal.class,
            MONTH.end().toString()));
  }

  private static void paper(BillingParts parts, JdbcTemplate owner) {
    String id =
        Objects.requireNonNull(
            owner.queryForObject(
                "SELECT id FROM billing.invoice ORDER BY abs(lines - 2000), id LIMIT 1",
                String.class));
    Invoice head = parts.issued.find(null, id).orElseThrow();
    List<Double> seconds = new ArrayList<>();
    int bytes = 0;
    for (int i = 0; i < 2 * PDFS; i++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      long started = System.nanoTime();
      InvoicePdf.write(head, parts.issued, out);
      if (i >= PDFS) {
        seconds.add(seconds(started));
      }
      bytes = out.size();
    }
    long lines =
        Objects.requireNonNull(
            owner.queryForObject("SELECT lines FROM billing.invoice WHERE id = ?", Long.class, id));
    Report.print("PDF of " + lines + " lines, " + bytes + " bytes", seconds, "s", 0.5, Better.LESS);
  }

  private static long peak() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }

  static double seconds(long since) {
    return (System.nanoTime() - since) / 1e9;
  }
}
