package brume.node.sync;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeaseTest {
  private static final long MILLI = 1_000_000;
  private long now = Long.MAX_VALUE - 5 * MILLI; // a monotonic clock may wrap
  private final Lease lease = new Lease(() -> now);

  @Test
  void countsFromWhenTheRequestWasSent() {
    long sent = now;
    now += 900 * MILLI; // the answer was slow
    lease.renew(sent, 1_000);
    assertThat(lease.leftNanos()).hasValue(100 * MILLI);
    now += 100 * MILLI;
    assertThat(lease.leftNanos()).isEmpty();
  }

  @Test
  void anAnswerThatComesAfterItsLeaseGivesNone() {
    long sent = now;
    now += 1_500 * MILLI;
    lease.renew(sent, 1_000);
    assertThat(lease.leftNanos()).isEmpty();
    assertThat(lease.justOver()).isFalse();
  }

  @Test
  void anOlderAnswerDoesNotShortenIt() {
    long older = now;
    now += 300 * MILLI;
    lease.renew(now, 1_000);
    lease.renew(older, 1_000);
    assertThat(lease.leftNanos()).hasValue(1_000 * MILLI);
  }

  @Test
  void itsEndIsToldOnceEachTime() {
    assertThat(lease.justOver()).as("none was held").isFalse();
    for (int round = 0; round < 2; round++) {
      lease.renew(now, 1_000);
      assertThat(lease.justOver()).isFalse();
      now += 1_000 * MILLI;
      assertThat(lease.justOver()).isTrue();
      assertThat(lease.justOver()).isFalse();
    }
  }
}
