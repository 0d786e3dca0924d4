package brume.node.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.machine.BurstCredits;
import brume.hypervisor.machine.ProcessorShare;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuestShareTest {
  private static GuestSpec spec(int vcpu, int baselinePercent) {
    return new GuestSpec(
        "i-0123456789abcdef0", 1, vcpu, 128, baselinePercent, "builtin:debian-micro", "host", null);
  }

  /// By the table of instance types: weight, cap in thousandths of a processor, minutes of one
  /// processor at launch, and kept at most: what a day earns, or the launch credits if more.
  @ParameterizedTest
  @CsvSource({
    "1,   5,   5, 1000,  30,   72",
    "1,  20,  20, 1000,  30,  288",
    "2,  40,  40, 2000,  60,  576",
    "4, 160, 160, 4000, 120, 2304",
    "8,   1,   1, 8000, 240,  240",
  })
  void burstableTypesRunOnCredits(
      int vcpu, int baseline, int weight, int cap, long launchMinutes, long limitMinutes) {
    long minute = 60_000_000_000L;
    assertThat(GuestShare.atLaunch(spec(vcpu, baseline)))
        .isEqualTo(
            new ProcessorShare(
                weight,
                cap,
                new BurstCredits(10 * baseline, limitMinutes * minute, launchMinutes * minute)));
  }

  @Test
  void aTypeWithWholeProcessorsNeedsNone() {
    assertThat(GuestShare.atLaunch(spec(2, 200))).isEqualTo(new ProcessorShare(200, 2000));
  }

  @Test
  void aRebootBringsNoNewCredits() {
    BurstCredits left = GuestShare.withCredits(spec(1, 10), 5).burst();
    assertThat(left).isNotNull();
    assertThat(left.launchNanos()).isEqualTo(5);
  }
}
