package brume.node.vm;

import brume.contract.sync.DesiredVm;

/// One thing to do so that the VM table comes nearer to the desired set.
sealed interface Step {
  /// Start a VM for an instance that has none here.
  record Launch(DesiredVm desired) implements Step {}

  /// Nothing has to change for the newer generation: say that it was seen.
  record Adopt(String instanceId, long generation) implements Step {}

  /// Reboot the guest once, whatever the counter skipped.
  record Reboot(String instanceId, long generation, long reboots) implements Step {}

  /// Ask the guest to power off; cut it off when the grace is over.
  record ShutDown(String instanceId, long generation) implements Step {}

  /// End it at once.
  record Cut(String instanceId, long generation, String reason) implements Step {}

  /// The end of a VM is desired that was never started here: say that it is gone, so that its
  /// allocation is released.
  record ReportAbsent(DesiredVm desired) implements Step {}
}
