package brume.compute.volume;

import org.jspecify.annotations.Nullable;

/// A volume that an image, or a launch, asks for under a device's name.
///
/// @param noDevice takes what an image has under this name away
public record BlockDevice(
    String deviceName,
    boolean noDevice,
    @Nullable String snapshotId,
    @Nullable Integer sizeGib,
    @Nullable String type,
    @Nullable Integer iops,
    @Nullable Integer throughput,
    @Nullable Boolean encrypted,
    @Nullable Boolean deleteOnTermination) {

  /// What is asked for here, and for the rest what the other says.
  public BlockDevice or(BlockDevice other) {
    return new BlockDevice(
        deviceName,
        noDevice,
        snapshotId != null ? snapshotId : other.snapshotId,
        sizeGib != null ? sizeGib : other.sizeGib,
        type != null ? type : other.type,
        iops != null ? iops : type != null ? null : other.iops,
        throughput != null ? throughput : type != null ? null : other.throughput,
        encrypted != null ? encrypted : other.encrypted,
        deleteOnTermination != null ? deleteOnTermination : other.deleteOnTermination);
  }
}
