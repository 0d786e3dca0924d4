package brume.billing.meter;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.Seeds;
import brume.contract.VmState;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A record is cut at the ends of months, and nothing of it is lost or doubled.
class UsageRecordTest {
  private static UsageRecord record(Instant from, Instant to, @Nullable Long counted) {
    return new UsageRecord(
        "i-00000000000000001",
        counted == null ? Meter.VOLUME_STORAGE : Meter.EGRESS_BYTES,
        "000000000001",
        "standard",
        1,
        from,
        from,
        to,
        true,
        VmState.GONE,
        1,
        2,
        3,
        counted);
  }

  @ParameterizedTest
  @CsvSource({
    "2026-10-05T00:00:00Z, 2026-10-06T00:00:00Z, 1",
    "2026-10-05T00:00:00Z, 2026-11-01T00:00:00Z, 1",
    "2026-11-01T00:00:00Z, 2026-11-01T00:00:00Z, 1",
    "2026-10-31T23:59:59Z, 2026-11-01T00:00:01Z, 2",
    "2028-02-29T23:59:59Z, 2028-03-01T00:00:01Z, 2",
    "2025-12-31T00:00:00Z, 2027-01-01T00:00:01Z, 14"
  })
  void aPieceIsOfOneMonth(String from, String to, int pieces) {
    List<UsageRecord> cut = record(Instant.parse(from), Instant.parse(to), null).byMonth();
    assertThat(cut).hasSize(pieces);
    assertThat(cut.getLast().endsRun()).isTrue();
    assertThat(cut.stream().filter(UsageRecord::endsRun)).hasSize(1);
  }

  @Test
  void cuttingChangesNoTotal() {
    Seeds.each(
        200,
        random -> {
          Instant from = Instant.ofEpochSecond(1_700_000_000L + random.nextInt(100_000_000));
          Instant to = from.plusSeconds((long) Math.pow(10, random.nextDouble(0, 8)) - 1);
          Long counted = random.nextBoolean() ? random.nextLong(1L << 40) : null;
          UsageRecord whole = record(from, to, counted);
          Instant free = from;
          long seconds = 0;
          long sum = 0;
          for (UsageRecord piece : whole.byMonth()) {
            LocalDate month = piece.month();
            assertThat(piece.startedAt()).isEqualTo(free);
            assertThat(piece.endedAt())
                .isBeforeOrEqualTo(month.plusMonths(1).atStartOfDay().toInstant(ZoneOffset.UTC));
            assertThat(piece.runStartedAt()).isEqualTo(whole.runStartedAt());
            assertThat(piece.openedSeq()).isEqualTo(whole.openedSeq());
            free = piece.endedAt();
            seconds += piece.seconds();
            sum += piece.counted() == null ? 0 : piece.counted();
          }
          assertThat(free).isEqualTo(to);
          assertThat(seconds).isEqualTo(Duration.between(from, to).toSeconds());
          assertThat(sum).isEqualTo(counted == null ? 0 : counted);
        });
  }
}
