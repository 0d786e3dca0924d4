package brume.compute.launch;

import brume.compute.network.InterfaceCommands;
import brume.compute.volume.BlockDevice;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/// A launch with all that EC2's clients may ask for, once a template's part of it is filled in.
///
/// @param zone by its full name; null for any, or the subnet's
/// @param cards the network interfaces in the order of their device indexes, which begin at 0
public record LaunchOrder(
    String imageId,
    String instanceType,
    int min,
    int max,
    @Nullable String zone,
    List<Card> cards,
    @Nullable String keyName,
    @Nullable String userData,
    SortedMap<String, String> instanceTags,
    SortedMap<String, String> volumeTags,
    SortedMap<String, String> interfaceTags,
    List<BlockDevice> devices,
    boolean terminationProtected,
    InstanceOption options) {
  public static final int COUNT_MAX = 1_000;

  /// A network interface that the launch makes, or one that is there already.
  ///
  /// @param networkInterfaceId of one that is there
  /// @param subnetId null for the default one of the zone
  /// @param groupNames beside the ids
  /// @param publicAddress null for what the subnet says
  public record Card(
      int deviceIndex,
      @Nullable String networkInterfaceId,
      @Nullable String subnetId,
      String description,
      List<String> groupIds,
      List<String> groupNames,
      @Nullable String privateIp,
      InterfaceCommands.More more,
      boolean deleteOnTermination,
      @Nullable Boolean publicAddress) {}
}
