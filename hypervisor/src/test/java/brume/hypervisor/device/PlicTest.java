package brume.hypervisor.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.hypervisor.memory.AccessFault;
import org.junit.jupiter.api.Test;

/// The rules of the PLIC specification, seen through its registers.
class PlicTest {
  private static final int ENABLE_S = 0x2080, THRESHOLD_S = 0x201000, CLAIM_S = 0x201004;
  private static final int PENDING = 0x1000;

  private final Wire machine = new Wire();
  private final Wire supervisor = new Wire();
  private final Plic plic = new Plic(machine, supervisor);

  private void priority(int source, int value) {
    plic.store(4L * source, 4, value);
  }

  private void enable(long sources) {
    plic.store(ENABLE_S, 4, sources & 0xffff_ffffL);
    plic.store(ENABLE_S + 4, 4, sources >>> 32);
  }

  private long claim() {
    return plic.load(CLAIM_S, 4);
  }

  @Test
  void aSourceReachesItsHartOnlyWithPriorityAndEnable() {
    plic.source(10).set(true);
    assertThat(plic.load(PENDING, 4)).isEqualTo(1 << 10);
    assertThat(supervisor.level).isFalse();
    priority(10, 1);
    assertThat(supervisor.level).isFalse();
    enable(1L << 10);
    assertThat(supervisor.level).isTrue();
    assertThat(machine.level).isFalse();
  }

  @Test
  void claimTakesTheInterruptUntilItIsCompleted() {
    priority(10, 1);
    enable(1L << 10);
    plic.source(10).set(true);
    assertThat(claim()).isEqualTo(10);
    assertThat(supervisor.level).isFalse();
    assertThat(claim()).isZero();
    plic.store(CLAIM_S, 4, 10);
    assertThat(supervisor.level).as("still asserted, so pending again").isTrue();
    plic.source(10).set(false);
    assertThat(supervisor.level).isFalse();
    assertThat(claim()).isZero();
  }

  @Test
  void theHighestPriorityWinsThenTheLowestNumber() {
    long[] sources = {3, 10, 40};
    for (long source : sources) {
      plic.source((int) source).set(true);
    }
    priority(3, 2);
    priority(10, 2);
    priority(40, 5);
    enable(1L << 3 | 1L << 10 | 1L << 40);
    assertThat(claim()).isEqualTo(40);
    assertThat(claim()).isEqualTo(3);
    assertThat(claim()).isEqualTo(10);
    assertThat(claim()).isZero();
  }

  @Test
  void theThresholdHidesWhatIsNotAboveIt() {
    priority(5, 3);
    enable(1L << 5);
    plic.source(5).set(true);
    plic.store(THRESHOLD_S, 4, 3);
    assertThat(supervisor.level).isFalse();
    plic.store(THRESHOLD_S, 4, 2);
    assertThat(supervisor.level).isTrue();
  }

  @Test
  void completionOfWhatIsNotEnabledIsIgnored() {
    priority(5, 1);
    enable(1L << 5);
    plic.source(5).set(true);
    assertThat(claim()).isEqualTo(5);
    enable(0);
    plic.store(CLAIM_S, 4, 5);
    enable(1L << 5);
    assertThat(supervisor.level).isFalse();
    plic.store(CLAIM_S, 4, 5);
    assertThat(supervisor.level).isTrue();
  }

  @Test
  void registersThatDoNotExistReadZeroAndTakeNothing() {
    plic.store(0, 4, 7);
    assertThat(plic.load(0, 4)).as("source 0").isZero();
    plic.store(ENABLE_S, 4, -1);
    assertThat(plic.load(ENABLE_S, 4)).as("source 0 cannot be enabled").isEqualTo(0xffff_fffeL);
    priority(7, 255);
    assertThat(plic.load(28, 4)).as("three bits of priority").isEqualTo(7);
    for (long offset : new long[] {0x100, 0x1080, 0x1f_fffc, 0x20_2000, 0x5f_fffc}) {
      plic.store(offset, 4, -1);
      assertThat(plic.load(offset, 4)).as("offset %x", offset).isZero();
    }
    plic.store(CLAIM_S, 4, 0xffff_ffffL);
  }

  @Test
  void onlyWordsAreAnswered() {
    for (int bytes : new int[] {1, 2, 8}) {
      assertThatThrownBy(() -> plic.load(0, bytes)).isInstanceOf(AccessFault.class);
      assertThatThrownBy(() -> plic.store(8, bytes, 0)).isInstanceOf(AccessFault.class);
    }
  }
}
