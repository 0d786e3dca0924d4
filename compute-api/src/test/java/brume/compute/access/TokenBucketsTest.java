package brume.compute.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// The rates of accounts, by a clock that only the test moves.
final class TokenBucketsTest {
  private final AtomicLong nanos = new AtomicLong(-5);
  private final TokenBuckets buckets = new TokenBuckets(nanos::get);

  @Test
  void aSecondsWorthIsThereAtOnceAndThenItFillsAtItsRate() {
    for (int i = 0; i < 4; i++) {
      assertThat(buckets.take("a", 4)).isZero();
    }
    assertThat(buckets.take("a", 4)).isEqualTo(0.25);
    nanos.addAndGet(125_000_000);
    assertThat(buckets.take("a", 4)).isEqualTo(0.125);
    nanos.addAndGet(125_000_000);
    assertThat(buckets.take("a", 4)).isZero();
    assertThat(buckets.take("a", 4)).isEqualTo(0.25);
  }

  @Test
  void quietTimeSavesUpNoMoreThanASecond() {
    assertThat(buckets.take("a", 2)).isZero();
    nanos.addAndGet(60_000_000_000L);
    assertThat(buckets.take("a", 2)).isZero();
    assertThat(buckets.take("a", 2)).isZero();
    assertThat(buckets.take("a", 2)).isPositive();
  }

  @Test
  void accountsDoNotShare() {
    assertThat(buckets.take("a", 1)).isZero();
    assertThat(buckets.take("a", 1)).isEqualTo(1);
    assertThat(buckets.take("b", 1)).isZero();
  }

  @Test
  void aHigherQuotaHoldsFromTheNextRequestOn() {
    assertThat(buckets.take("a", 1)).isZero();
    nanos.addAndGet(100_000_000);
    assertThat(buckets.take("a", 1)).isPositive();
    nanos.addAndGet(100_000_000);
    assertThat(buckets.take("a", 100)).isZero();
  }
}
