package brume.node.hypervisor;

import brume.hypervisor.machine.BurstCredits;
import brume.hypervisor.machine.ProcessorShare;

/// A guest's part of the node's processors, from its instance type: its weight is its baseline, it
/// is capped at one processor for each vCPU, and a type whose baseline is less than that runs on
/// credits, as EC2's burstable types do in their standard mode: earned at the baseline for up to 24
/// hours, with 30 vCPU minutes for each vCPU to begin with, so that a guest can boot.
final class GuestShare {
  static final long LAUNCH_NANOS_PER_VCPU = 30 * 60 * 1_000_000_000L;

  private static final int PERMILLE = 1000;

  private GuestShare() {}

  static ProcessorShare atLaunch(GuestSpec spec) {
    return withCredits(spec, LAUNCH_NANOS_PER_VCPU * spec.vcpu());
  }

  /// @param creditNanos the balance, as the guest's machine before this one left it
  static ProcessorShare withCredits(GuestSpec spec, long creditNanos) {
    int cap = PERMILLE * spec.vcpu();
    int baseline = 10 * spec.baselinePercent();
    int weight = Math.clamp(spec.baselinePercent(), 1, ProcessorShare.WEIGHT_MAX);
    return baseline >= cap
        ? new ProcessorShare(weight, cap)
        : new ProcessorShare(weight, cap, BurstCredits.ofDay(baseline, creditNanos));
  }
}
