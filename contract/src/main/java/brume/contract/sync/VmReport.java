package brume.contract.sync;

import brume.contract.VmState;

/// A VM that a node has right now.
///
/// @param epoch the fencing number of the allocation that the VM belongs to
/// @param generation the newest generation of the instance's intent that the node has acted on
/// @param reboots the value of the instance's reboot counter that the node has acted on
public record VmReport(
    String instanceId,
    long epoch,
    long generation,
    long reboots,
    VmState state,
    VmCounters counters) {}
