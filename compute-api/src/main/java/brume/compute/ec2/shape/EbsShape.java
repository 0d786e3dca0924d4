package brume.compute.ec2.shape;

import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.NotHere;
import brume.compute.volume.BlockDevice;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A volume under a device's name, as launches and images ask for it and images show it.
@NotHere({
  "OutpostArn",
  "AvailabilityZone",
  "AvailabilityZoneId",
  "VolumeInitializationRate",
  "EbsCardIndex"
})
public record EbsShape(
    @Nullable String snapshotId,
    @Nullable Integer volumeSize,
    @Nullable String volumeType,
    @Nullable Integer iops,
    @Nullable Integer throughput,
    @Nullable Boolean encrypted,
    @Nullable Boolean deleteOnTermination,
    @Nullable String kmsKeyId) {

  /// One mapping of a device's name.
  public record Mapping(
      @Nullable String deviceName,
      @Nullable String virtualName,
      @Nullable String noDevice,
      @Nullable EbsShape ebs) {}

  public static List<BlockDevice> devices(List<Mapping> mappings) {
    List<BlockDevice> devices = mappings.stream().map(EbsShape::device).toList();
    Set<String> names = new HashSet<>();
    for (BlockDevice device : devices) {
      if (!names.add(device.deviceName())) {
        throw new Ec2Fault(
            "InvalidBlockDeviceMapping",
            "The device '"
                + device.deviceName()
                + "' is used in more than one block-device mapping");
      }
    }
    return devices;
  }

  private static BlockDevice device(Mapping mapping) {
    String name = mapping.deviceName();
    if (name == null || name.isEmpty()) {
      throw Ec2Fault.missing("BlockDeviceMapping.DeviceName");
    }
    if (!name.matches("(/dev/)?[a-z]{1,5}[0-9a-z]{0,6}")) {
      throw Ec2Fault.value("BlockDeviceMapping.DeviceName", name, "It is not a device name.");
    }
    if (mapping.virtualName() != null) {
      throw Ec2Fault.unsupported("There are no instance store volumes: leave VirtualName out.");
    }
    EbsShape ebs = mapping.ebs();
    if (mapping.noDevice() != null && !mapping.noDevice().isEmpty()) {
      throw new Ec2Fault("InvalidRequest", "The request received was invalid");
    }
    if (ebs == null && mapping.noDevice() == null) {
      throw Ec2Fault.missing("ebs");
    }
    if (ebs == null) {
      return new BlockDevice(
          name, mapping.noDevice() != null, null, null, null, null, null, null, null);
    }
    if (ebs.kmsKeyId() != null) {
      throw Ec2Fault.unsupported("There are no KMS keys: leave KmsKeyId out.");
    }
    return new BlockDevice(
        name,
        mapping.noDevice() != null,
        ebs.snapshotId(),
        ebs.volumeSize(),
        ebs.volumeType(),
        ebs.iops(),
        ebs.throughput(),
        ebs.encrypted(),
        ebs.deleteOnTermination());
  }

  public static List<Mapping> mappings(List<BlockDevice> devices) {
    return devices.stream()
        .filter(device -> !device.noDevice())
        .map(device ->
            new Mapping(
                device.deviceName(),
                null,
                null,
                new EbsShape(
                    device.snapshotId(),
                    device.sizeGib(),
                    device.type() == null ? "gp2" : device.type(),
                    device.iops(),
                    device.throughput(),
                    Boolean.TRUE.equals(device.encrypted()),
                    !Boolean.FALSE.equals(device.deleteOnTermination()),
                    null)))
        .toList();
  }
}
