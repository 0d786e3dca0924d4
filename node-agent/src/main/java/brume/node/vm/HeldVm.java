package brume.node.vm;

import brume.contract.VmState;

/// A VM of the table as [Reconciliation] sees it. Also one that ended, as long as the desired set
/// may still name it: an epoch is started at most once.
///
/// @param generation the newest generation of the intent that was acted on
/// @param cut whether it is being ended at once, with no more grace
record HeldVm(
    String instanceId, long epoch, long generation, long reboots, VmState state, boolean cut) {}
