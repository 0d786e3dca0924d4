package brume.billing.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.billing.BillingFixture;
import brume.billing.Books;
import brume.billing.LogGenerator;
import brume.billing.Logs;
import brume.billing.Seeds;
import brume.billing.invoice.Invoice;
import brume.billing.invoice.MonthArchived;
import brume.billing.meter.Transition;
import brume.billing.rating.Period;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A month of usage leaves the database whole or not at all, and nothing is metered or billed
/// otherwise for it.
class ArchiveDbTest {
  private static final Period OCTOBER = Period.of(YearMonth.of(2026, 10));
  private static final Period NOVEMBER = Period.of(YearMonth.of(2026, 11));
  private static final String TWO_RUNS =
      "1 RUNNING 2026-10-05T10:00:00; 1 GONE 2026-10-06T10:00:00;"
          + "2 RUNNING 2026-10-31T20:00:00; 2 GONE 2026-11-01T03:00:00";

  @TempDir Path folder;

  private UsageArchive archive(BillingFixture billing) {
    return new UsageArchive(billing.jdbc, billing.transaction, billing.clock, folder);
  }

  private static BillingFixture issued(String log) {
    BillingFixture billing = new BillingFixture(Books.plain());
    billing.append(Logs.parse(log));
    billing.meterAll(100);
    billing.close.close(OCTOBER);
    return billing;
  }

  @Test
  void theFileHasWhatTheTableHadAndNothingElseMoves() throws IOException {
    try (BillingFixture billing = issued(TWO_RUNS)) {
      Invoice before = billing.issued.whole(billing.issued.of(Logs.ACCOUNT).getFirst());
      UsageArchive.Archived archived = archive(billing).archive(OCTOBER);
      List<String> records = new ArrayList<>();
      UsageParquet.each(
          Path.of(archived.file()),
          usage ->
              records.add(
                  usage.startedAt()
                      + " "
                      + usage.endedAt()
                      + " "
                      + usage.openedSeq()
                      + (usage.endsRun() ? "" : "…")));
      assertThat(records)
          .containsExactly(
              "2026-10-05T10:00:00Z 2026-10-06T10:00:00Z 1",
              "2026-10-31T20:00:00Z 2026-11-01T00:00:00Z 3…");
      assertThat(archived.records()).isEqualTo(2);
      assertThat(archived.bytes()).isEqualTo(Files.size(Path.of(archived.file())));
      assertThat(billing.usageRows())
          .as("November's piece stays")
          .singleElement()
          .asString()
          .contains("2026-11-01 00:00:00 2026-11-01 03:00:00");
      assertThat(billing.issued.whole(billing.issued.of(Logs.ACCOUNT).getFirst()))
          .isEqualTo(before);
      assertThat(billing.invoices.current(Logs.ACCOUNT, "", BillingFixture.NOW).adjustments())
          .as("nothing is corrected because it left")
          .isEmpty();
      assertThat(billing.audit.check(NOVEMBER, BillingFixture.NOW).differences()).isEmpty();
    }
  }

  @Test
  void whatNeedsItIsRefusedByName() {
    try (BillingFixture billing = issued(TWO_RUNS)) {
      Invoice invoice = billing.issued.whole(billing.issued.of(Logs.ACCOUNT).getFirst());
      String id = String.valueOf(invoice.id());
      archive(billing).archive(OCTOBER);
      String said = "the usage of 2026-10 is archived: the cloud's operator has the file";
      assertThatThrownBy(() -> billing.store.settle(id, "voided", ""))
          .isInstanceOf(MonthArchived.class)
          .hasMessage(said);
      assertThatThrownBy(() -> billing.audit.check(OCTOBER, OCTOBER.closedAsOf())).hasMessage(said);
      assertThatThrownBy(() -> billing.close.close(OCTOBER)).hasMessage(said);
      assertThatThrownBy(() ->
              billing.explanations.ofIssued(
                  invoice, billing.issued.line(id, invoice.lines().getFirst().id()).orElseThrow()))
          .hasMessage(said);
      assertThatThrownBy(() ->
              billing.usage.page(
                  Logs.ACCOUNT,
                  Instant.parse("2026-10-31T23:59:59Z"),
                  NOVEMBER.end(),
                  BillingFixture.NOW,
                  0,
                  10))
          .hasMessage(said);
      assertThat(
              billing
                  .usage
                  .page(Logs.ACCOUNT, NOVEMBER.start(), NOVEMBER.end(), BillingFixture.NOW, 0, 10)
                  .items())
          .hasSize(1);
      assertThat(billing.store.settle(id, "paid", "")).isTrue();
    }
  }

  @Test
  void aMonthStaysThatIsOpenOrNotIssuedOrVoided() throws IOException {
    try (BillingFixture billing = new BillingFixture(Books.plain())) {
      billing.append(Logs.parse(TWO_RUNS));
      billing.meterAll(100);
      List<String> all = billing.usageRows();
      refused(billing, OCTOBER, "account 000000000001 has no invoice of the month that stands");
      refused(billing, NOVEMBER, "the month is not over before 2026-12-01T00:00:00Z");
      refused(billing, Period.of(YearMonth.of(2026, 9)), "the database has no usage of that month");
      assertThatThrownBy(() ->
              new UsageArchive(billing.jdbc, billing.transaction, billing.clock, null)
                  .archive(OCTOBER))
          .hasMessage("no folder for archives is set: brume.billing.archive-folder");
      billing.close.close(OCTOBER);
      String id = String.valueOf(billing.issued.of(Logs.ACCOUNT).getFirst().id());
      billing.store.settle(id, "voided", "");
      refused(billing, OCTOBER, "account 000000000001 has no invoice of the month that stands");
      assertThat(billing.usageRows()).isEqualTo(all);
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files).isEmpty();
      }
    }
  }

  private void refused(BillingFixture billing, Period period, String why) {
    assertThatThrownBy(() -> archive(billing).archive(period))
        .isInstanceOf(ArchiveRefused.class)
        .hasMessage(why);
  }

  /// Whoever calls it, and whatever the service was told.
  @Test
  void theDatabaseDropsNothingThatTheFileHasNot() {
    try (BillingFixture billing = issued(TWO_RUNS)) {
      List<String> all = billing.usageRows();
      assertThatThrownBy(() ->
              billing.jdbc.queryForList(
                  "SELECT billing.drop_usage_month('2026-10-01', 'x', 1, sha256(''))"))
          .hasStackTraceContaining("has 2 records and its file 1");
      billing.owner.update(
          "UPDATE billing.invoice SET state = 'voided', settled_at = now(), settled_note = ''");
      assertThatThrownBy(() ->
              billing.jdbc.queryForList(
                  "SELECT billing.drop_usage_month('2026-10-01', 'x', 2, sha256(''))"))
          .hasStackTraceContaining("not issued to all accounts");
      assertThat(billing.usageRows()).isEqualTo(all);
    }
  }

  @Test
  void whatIsKnownLateHasAFileOfItsOwn() {
    try (BillingFixture billing = issued("1 RUNNING 2026-10-05T10:00:00")) {
      billing.append(Logs.parse(3, "2 RUNNING 2026-10-06T10:00:00; 2 GONE 2026-10-07T10:00:00"));
      billing.meterAll(10);
      assertThat(archive(billing).archive(OCTOBER).part()).isEqualTo(1);
      billing.append(Logs.parse(5, "3 RUNNING 2026-10-09T10:00:00; 3 GONE 2026-10-09T11:00:00"));
      billing.meterAll(10);
      assertThat(archive(billing).archive(OCTOBER).part()).isEqualTo(2);
      assertThat(
              billing.jdbc.queryForList(
                  "SELECT records FROM billing.usage_archive ORDER BY part", Long.class))
          .containsExactly(2L, 1L);
    }
  }

  /// The meter goes on from an archived record as it would from one that is there.
  @Test
  void theMeterGoesOnAsIfNothingHadLeft() {
    AtomicInteger archives = new AtomicInteger();
    Seeds.each(
        6,
        random -> {
          List<Transition> log =
              new LogGenerator(
                      random,
                      Instant.parse("2026-10-28T00:00:00Z"),
                      Instant.parse("2026-11-04T00:00:00Z"))
                  .generate(120);
          int half = 60;
          try (BillingFixture kept = new BillingFixture(Books.plain());
              BillingFixture archived = new BillingFixture(Books.plain())) {
            for (BillingFixture each : List.of(kept, archived)) {
              each.append(log.subList(0, half));
              each.meterAll(20);
              each.close.close(OCTOBER);
            }
            if (!archived.issued.of(Logs.ACCOUNT).isEmpty()
                && archived.usageRows().stream().anyMatch(row -> row.contains("2026-10-"))) {
              archive(archived).archive(OCTOBER);
              archives.incrementAndGet();
            }
            for (BillingFixture each : List.of(kept, archived)) {
              each.append(log.subList(half, log.size()));
              each.meterAll(20);
            }
            assertThat(november(archived)).isEqualTo(november(kept));
          }
        });
    assertThat(archives).hasPositiveValue();
  }

  private static List<String> november(BillingFixture billing) {
    return billing.jdbc.queryForList(
        """
        SELECT u::text FROM billing.usage u WHERE month = '2026-11-01'
        UNION ALL SELECT o::text FROM billing.open_usage o ORDER BY 1
        """,
        String.class);
  }
}
