package brume.contract.sync;

import brume.contract.Intent;
import org.jspecify.annotations.Nullable;

/// What should be true of one instance on this node. A VM that the desired set does not name, or
/// names with another epoch, is destroyed.
///
/// @param intent RUN: have it running. STOP, HIBERNATE: shut it down in good order. TERMINATE: end
///   it
/// @param reboots a counter; where it is ahead of the VM's, the guest is restarted once
/// @param baselinePercent the guaranteed share of a processor, in percent of one, for all vCPUs
/// @param imageSource where boot content comes from, such as `builtin:debian-micro`
/// @param userDataBase64 given to the guest as it is, here in base64; null where there is none
public record DesiredVm(
    String instanceId,
    long epoch,
    long generation,
    Intent intent,
    long reboots,
    int vcpu,
    int memoryMib,
    int baselinePercent,
    String imageSource,
    String hostname,
    @Nullable String userDataBase64) {}
