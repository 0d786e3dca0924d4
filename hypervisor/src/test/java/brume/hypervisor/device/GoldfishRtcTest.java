package brume.hypervisor.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GoldfishRtcTest {
  private static final long DAY = 1_790_000_000_123_456_789L;

  private long epoch = DAY;
  private long ticks;
  private final Wire interrupt = new Wire();
  private final GoldfishRtc rtc = new GoldfishRtc(() -> epoch, () -> ticks, interrupt);

  private long read() {
    long low = rtc.load(0, 4);
    epoch += 1L << 33;
    return rtc.load(4, 4) << 32 | low;
  }

  private void pass(long nanos) {
    epoch += nanos;
    ticks += nanos / 100;
    rtc.advance(ticks);
  }

  @Test
  void readingTheLowHalfHoldsTheHighOne() {
    assertThat(read()).isEqualTo(DAY);
  }

  @Test
  void settingMovesTheGuestsClockOnly() {
    rtc.store(4, 4, 0x10);
    rtc.store(0, 4, 0x20);
    assertThat(read()).isEqualTo(0x10_0000_0020L);
    assertThat(epoch).isGreaterThan(DAY);
  }

  @Test
  void theAlarmInterruptsOnceItsTimeHasComeAndCanBeCleared() {
    rtc.store(0x10, 4, 1);
    long at = DAY + 5_000;
    rtc.store(0x0c, 4, at >>> 32);
    rtc.store(0x08, 4, at & 0xffff_ffffL);
    assertThat(rtc.load(0x18, 4)).isEqualTo(1);
    assertThat(rtc.nextDeadline()).isEqualTo(50);
    pass(4_900);
    assertThat(interrupt.level).isFalse();
    pass(100);
    assertThat(interrupt.level).isTrue();
    assertThat(rtc.load(0x18, 4)).isZero();
    rtc.store(0x1c, 4, 1);
    assertThat(interrupt.level).isFalse();
    assertThat(rtc.nextDeadline()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void anAlarmInThePastFiresAtOnceAndAClearedOneNever() {
    rtc.store(0x10, 4, 1);
    rtc.store(0x0c, 4, 0);
    rtc.store(0x08, 4, 1);
    assertThat(interrupt.level).isTrue();
    rtc.store(0x1c, 4, 1);
    rtc.store(0x0c, 4, 0x7fff_ffffL);
    rtc.store(0x08, 4, 0);
    rtc.store(0x14, 4, 1);
    pass(1_000_000_000);
    assertThat(interrupt.level).isFalse();
  }
}
