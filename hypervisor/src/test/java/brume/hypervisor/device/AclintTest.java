package brume.hypervisor.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.hypervisor.memory.AccessFault;
import org.junit.jupiter.api.Test;

class AclintTest {
  private long now = 1000;
  private final Wire[] software = {new Wire(), new Wire()};
  private final Wire[] timer = {new Wire(), new Wire()};
  private final Aclint aclint = new Aclint(new MachineTime(() -> now), software, timer);

  @Test
  void msipRaisesAndLowersTheSoftwareInterruptOfItsHart() {
    aclint.store(4, 4, 0xffff_ffffL);
    assertThat(software[1].level).isTrue();
    assertThat(software[0].level).isFalse();
    assertThat(aclint.load(4, 4)).as("one bit").isEqualTo(1);
    aclint.store(4, 4, 0);
    assertThat(software[1].level).isFalse();
  }

  /// Programs for RV64 store registers as they are.
  @Test
  void aDoublewordIsTheRegistersOfTwoHarts() {
    aclint.store(0, 8, 1);
    assertThat(software[0].level).isTrue();
    assertThat(software[1].level).isFalse();
    aclint.store(0, 8, 1L << 32);
    assertThat(software[0].level).isFalse();
    assertThat(software[1].level).isTrue();
    assertThat(aclint.load(0, 8)).isEqualTo(1L << 32);
  }

  @Test
  void theTimerFiresWhenTimeReachesTheComparison() {
    assertThat(aclint.nextDeadline()).isEqualTo(Long.MAX_VALUE);
    aclint.store(0x4008, 8, 1500);
    assertThat(aclint.nextDeadline()).isEqualTo(1500);
    now = 1499;
    aclint.advance(now);
    assertThat(timer[1].level).isFalse();
    now = 1500;
    aclint.advance(now);
    assertThat(timer[1].level).isTrue();
    assertThat(timer[0].level).isFalse();
    assertThat(aclint.nextDeadline()).as("it has fired").isEqualTo(Long.MAX_VALUE);
    aclint.store(0x4008, 8, 9999);
    assertThat(timer[1].level).isFalse();
  }

  @Test
  void comparisonsAreWrittenInHalvesToo() {
    aclint.store(0x4004, 4, 0x1);
    aclint.store(0x4000, 4, 0x8000_0000L);
    assertThat(aclint.load(0x4000, 8)).isEqualTo(0x1_8000_0000L);
    assertThat(aclint.load(0x4004, 4)).isEqualTo(1);
  }

  @Test
  void timeGoesOnFromWhereItIsSet() {
    now = 0x1_2345_6789L;
    assertThat(aclint.load(0xbff8, 8)).isEqualTo(0x1_2345_6789L);
    assertThat(aclint.load(0xbff8, 4)).isEqualTo(0x2345_6789L);
    assertThat(aclint.load(0xbffc, 4)).isEqualTo(1);
    aclint.store(0xbff8, 8, 7);
    assertThat(aclint.load(0xbff8, 8)).isEqualTo(7);
    now += 5;
    assertThat(aclint.load(0xbff8, 8)).isEqualTo(12);
    aclint.store(0xbffc, 4, 3);
    aclint.store(0xbff8, 4, 9);
    assertThat(aclint.load(0xbff8, 8)).isEqualTo(0x3_0000_0009L);
  }

  @Test
  void whoReadsTheTimeFindsWhatIsDuePending() {
    aclint.store(0x4000, 8, 1500);
    now = 1500;
    assertThat(aclint.load(0xbff8, 8)).isEqualTo(1500);
    assertThat(timer[0].level).isTrue();
    aclint.store(0xbff8, 8, 1499);
    assertThat(timer[0].level).as("time set back").isFalse();
  }

  @Test
  void hartsThatDoNotExistAndOddWidths() {
    aclint.store(0x3ffc, 4, 1);
    aclint.store(0x5000, 8, 1);
    assertThat(aclint.load(0x3ffc, 4)).isZero();
    assertThat(aclint.load(0x5000, 8)).isZero();
    assertThatThrownBy(() -> aclint.load(0, 2)).isInstanceOf(AccessFault.class);
    assertThatThrownBy(() -> aclint.store(3, 1, 0)).isInstanceOf(AccessFault.class);
    assertThatThrownBy(() -> aclint.load(0x4002, 2)).isInstanceOf(AccessFault.class);
    assertThatThrownBy(() -> aclint.store(0xbff9, 1, 0)).isInstanceOf(AccessFault.class);
  }
}
