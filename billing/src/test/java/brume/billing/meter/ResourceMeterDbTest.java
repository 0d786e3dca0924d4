package brume.billing.meter;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.BillingFixture;
import brume.billing.Logs;
import brume.billing.ResourceLogs;
import brume.billing.Seeds;
import brume.billing.invoice.Invoice;
import brume.billing.invoice.UsageAudit;
import brume.billing.pricing.Allowance;
import brume.billing.pricing.PerUnit;
import brume.billing.pricing.Price;
import brume.billing.pricing.PriceBook;
import brume.billing.rating.Period;
import brume.db.ServiceRole;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/// Storage by its size, addresses by time, traffic by the byte, from a log of their own.
class ResourceMeterDbTest {
  private static final Period NOVEMBER = Period.of(YearMonth.of(2026, 11));
  private static final Instant CHANGE = Instant.parse("2026-11-15T12:00:00Z");
  private static final BillingFixture BILLING =
      new BillingFixture(
          book("first", Instant.parse("2026-01-01T00:00:00Z"), CHANGE, 1),
          book("second", CHANGE, null, 3));

  private static PriceBook book(String id, Instant from, @Nullable Instant to, long factor) {
    return new PriceBook(
        id,
        "USD",
        from,
        to,
        List.of(
            new Price(Meter.VOLUME_STORAGE, "gp2", new PerUnit(1024 * factor), 1),
            new Price(Meter.VOLUME_STORAGE, "gp3", new PerUnit(512 * factor), 60),
            new Price(Meter.IMAGE_STORAGE, "standard", new PerUnit(68 * factor), 1),
            new Price(Meter.ADDRESS_SECONDS, "ipv4", new PerUnit(5000 * factor), 1),
            new Price(
                Meter.EGRESS_BYTES,
                "internet",
                new Allowance(1 << 20, new PerUnit(90_000 * factor)),
                1)));
  }

  private static Invoice draft(String log) {
    BILLING.clear();
    BILLING.appendResources(ResourceLogs.parse(log));
    BILLING.meterAll(3);
    assertThat(BILLING.audit.check(NOVEMBER, BillingFixture.NOW).agrees()).isTrue();
    return BILLING.invoices.draft(Logs.ACCOUNT, null, NOVEMBER, BillingFixture.NOW);
  }

  @Test
  void storageIsItsSizeTimesItsSeconds() {
    Invoice invoice =
        draft(
            """
            vol-1 volume gp2 1024 02T00:00:00
            vol-1 volume gp2 2048 02T01:00:00.9
            vol-1 volume gp2 2048 02T01:30:00
            vol-1 volume gp2 -2048 02T02:00:00\
            """);
    assertThat(invoice.lines()).hasSize(1);
    Invoice.Line line = invoice.lines().getFirst();
    assertThat(line.units()).isEqualTo(3600L * 1024 + 3600L * 2048);
    assertThat(line.unit()).isEqualTo("MiB-Seconds");
    assertThat(line.seconds()).isEqualTo(7200);
    assertThat(line.minimumSeconds()).as("a resize is no start").isZero();
    assertThat(line.exactAmount()).as("3 GiB hours").isEqualTo("0.003072");
    assertThat(line.intervalsTotal()).isEqualTo(2);
    assertThat(line.service()).isEqualTo("Volumes");
  }

  @Test
  void anotherTypeIsAnotherLineAndAChangeOfPricesCutsIt() {
    Invoice invoice =
        draft(
            """
            vol-1 volume gp2 1024 15T11:00:00
            vol-1 volume gp2 -1024 15T13:00:00
            vol-2 volume gp2 1024 16T00:00:00
            vol-2 volume gp3 1024 16T01:00:00
            vol-2 volume gp3 -1024 16T03:00:00\
            """);
    assertThat(invoice.lines().stream().map(each -> each.sku() + " " + each.exactAmount()))
        .containsExactly("gp2 0.001024", "gp2 0.003072", "gp2 0.003072", "gp3 0.003072");
  }

  @Test
  void aMinimumIsTimesTheSizeToo() {
    Invoice.Line line =
        draft("vol-1 volume gp3 1024 16T00:00:00; vol-1 volume gp3 -1024 16T00:00:10")
            .lines()
            .getFirst();
    assertThat(line.seconds()).isEqualTo(10);
    assertThat(line.minimumSeconds()).isEqualTo(50);
    assertThat(line.units()).isEqualTo(60 * 1024L);
  }

  /// Read twice, late, across a change of prices, and lost with its node: what was read counts
  /// once.
  @Test
  void trafficIsHowFarItsCounterWent() {
    Invoice invoice =
        draft(
            """
            i-1/1 traffic internet 500 14T00:00:00
            i-1/1 traffic internet 5000000 14T01:00:00
            i-1/1 traffic internet 5000000 14T01:00:00
            i-1/1 traffic internet 4000000 14T00:59:00
            i-1/1 traffic internet 9000000 16T00:00:00
            i-1/2 traffic internet 0 16T01:00:00
            i-1/1 traffic internet 9999999 16T01:30:00
            i-1/2 traffic internet -70000 16T02:00:00\
            """);
    assertThat(invoice.lines().stream().map(Invoice.Line::units))
        .containsExactly(5_000_000L, 4_070_000L);
    assertThat(invoice.lines().getFirst().portions())
        .containsExactly(
            new Invoice.Portion(1 << 20, "0.000000"),
            new Invoice.Portion(5_000_000 - (1 << 20), "0.090000"));
    assertThat(invoice.lines().getFirst().seconds()).isZero();
  }

  /// By the trigger that compute-api's own statements meet, with its own role.
  @Test
  void anImageIsMeteredByWhatItStores() {
    BILLING.clear();
    new JdbcTemplate(BILLING.database.dataSource(ServiceRole.COMPUTE))
        .execute(
            """
            INSERT INTO compute.account (id, name, instances_max, vcpu_max, memory_mib_max, created_at)
              VALUES ('000000000001', 'One', 1, 1, 1, now()) ON CONFLICT DO NOTHING;
            DELETE FROM compute.image WHERE account_id IS NOT NULL;
            UPDATE compute.resource_transition_head SET seq = 0;
            INSERT INTO compute.image (id, account_id, region, name, architecture, source,
                memory_mib_min, created_at, stored_mib)
              SELECT 'ami-0000000000000001' || n, '000000000001', 'r', 'image-' || n, 'riscv64',
                'builtin:debian-micro', 96, now(), n FROM generate_series(0, 2) n;
            UPDATE compute.image SET description = 'other' WHERE account_id IS NOT NULL;
            UPDATE compute.image SET stored_mib = 5 WHERE name = 'image-1';
            UPDATE compute.image SET deregistered_at = now() WHERE account_id IS NOT NULL;
            DELETE FROM compute.image WHERE account_id IS NOT NULL;
            """);
    BILLING.meterAll(2);
    assertThat(
            BILLING.jdbc.queryForList(
                """
                SELECT concat_ws(' ', right(resource_id, 1), meter, sku, size, ends_run)
                FROM billing.usage ORDER BY opened_seq
                """,
                String.class))
        .containsExactly(
            "1 image-mib-seconds standard 1 f",
            "2 image-mib-seconds standard 2 t",
            "1 image-mib-seconds standard 5 t");
    assertThat(BILLING.audit.check(NOVEMBER, NOVEMBER.closedAsOf()).logIsWhole()).isTrue();
  }

  @Test
  void twoWaysFromAnyLogToTheSameUnits() {
    Seeds.each(
        25,
        random -> {
          BILLING.clear();
          BILLING.appendResources(
              ResourceLogs.random(
                  random, Instant.parse("2026-10-30T00:00:00Z"), 20 + random.nextInt(150)));
          int batch = 1 + random.nextInt(40);
          while (BILLING.resourceMeter.advance(batch).read() > 0) {
            if (random.nextInt(20) == 0) { // in the middle of the log too
              agree(NOVEMBER, BillingFixture.NOW);
            }
          }
          List<String> rows = BILLING.usageRows();
          agree(NOVEMBER, BillingFixture.NOW);
          agree(NOVEMBER, NOVEMBER.closedAsOf());
          agree(Period.of(YearMonth.of(2026, 10)), BillingFixture.NOW);
          BILLING.owner.execute(
              "DELETE FROM billing.usage; DELETE FROM billing.open_usage;"
                  + " UPDATE billing.meter_cursor SET seq = 0, chain = NULL");
          BILLING.meterAll(1 + random.nextInt(200));
          assertThat(BILLING.usageRows()).as("however it is read").isEqualTo(rows);
        });
  }

  private static void agree(Period period, Instant asOf) {
    UsageAudit.Verdict verdict = BILLING.audit.check(period, asOf);
    assertThat(verdict.differences()).isEmpty();
    assertThat(verdict.wronglyRated()).isEmpty();
    assertThat(verdict.logIsWhole()).isTrue();
  }
}
