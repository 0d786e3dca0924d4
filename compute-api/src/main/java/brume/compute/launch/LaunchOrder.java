package brume.compute.launch;

import brume.compute.network.InterfaceCommands;
import brume.compute.volume.BlockDevice;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// A launch with all that EC2's clients may ask for, once a template's part of it is filled in.
///
/// @param zone by its full name; null for any, or the subnet's
/// @param subnetId null for the default one of the zone
/// @param networkInterfaceId one that is there already, in the place of a new one
public record LaunchOrder(
    String imageId,
    String instanceType,
    int min,
    int max,
    @Nullable String zone,
    @Nullable String subnetId,
    List<String> groupIds,
    List<String> groupNames,
    @Nullable String privateIp,
    InterfaceCommands.More moreAddresses,
    @Nullable String networkInterfaceId,
    @Nullable String keyName,
    @Nullable String userData,
    SortedMap<String, String> instanceTags,
    SortedMap<String, String> volumeTags,
    SortedMap<String, String> interfaceTags,
    List<BlockDevice> devices,
    boolean terminationProtected,
    InstanceOption options) {
  public static final int COUNT_MAX = 1_000;
}
