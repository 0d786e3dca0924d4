package brume.compute.ec2.place;

import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.filter.Pages;
import brume.compute.ec2.shape.TypeNames;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.NotHere;
import brume.compute.ec2.wire.Text;
import brume.compute.image.InstanceType;
import brume.compute.region.Region;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// DescribeInstanceTypes and DescribeInstanceTypeOfferings: the same in every region and zone.
@Component
class TypeActions implements Ec2Actions {
  private static final Filters<TypeShape> FILTERS =
      new Filters<TypeShape>()
          .on("instance-type", TypeShape::instanceType)
          .on("current-generation", TypeShape::currentGeneration)
          .on("bare-metal", TypeShape::bareMetal)
          .on("burstable-performance-supported", TypeShape::burstablePerformanceSupported)
          .on("hypervisor", TypeShape::hypervisor)
          .on("free-tier-eligible", TypeShape::freeTierEligible)
          .on("hibernation-supported", TypeShape::hibernationSupported)
          .on("instance-storage-supported", TypeShape::instanceStorageSupported)
          .on("memory-info.size-in-mib", type -> type.memoryInfo().sizeInMiB())
          .on("vcpu-info.default-vcpus", type -> type.vCpuInfo().defaultVCpus())
          .on("vcpu-info.default-cores", type -> type.vCpuInfo().defaultCores())
          .on("auto-recovery-supported", TypeShape::autoRecoverySupported)
          .on("dedicated-hosts-supported", TypeShape::dedicatedHostsSupported)
          .on("vcpu-info.default-threads-per-core", type -> type.vCpuInfo().defaultThreadsPerCore())
          .on("ebs-info.ebs-optimized-support", type -> type.ebsInfo().ebsOptimizedSupport())
          .on("ebs-info.encryption-support", type -> type.ebsInfo().encryptionSupport())
          .on("ebs-info.nvme-support", type -> type.ebsInfo().nvmeSupport())
          .on("network-info.network-performance", type -> type.networkInfo().networkPerformance())
          .on("network-info.ena-support", type -> type.networkInfo().enaSupport())
          .on("network-info.efa-supported", type -> type.networkInfo().efaSupported())
          .on("network-info.ipv6-supported", type -> type.networkInfo().ipv6Supported())
          .on("network-info.encryption-in-transit-supported", type -> false)
          .on(
              "network-info.ipv4-addresses-per-interface",
              type -> type.networkInfo().ipv4AddressesPerInterface())
          .on(
              "network-info.ipv6-addresses-per-interface",
              type -> type.networkInfo().ipv6AddressesPerInterface())
          .on(
              "network-info.maximum-network-cards",
              type -> type.networkInfo().maximumNetworkCards())
          .on(
              "network-info.maximum-network-interfaces",
              type -> type.networkInfo().maximumNetworkInterfaces())
          .on("nitro-enclaves-support", type -> "unsupported")
          .on("nitro-tpm-support", type -> "unsupported")
          .on("reboot-migration-support", type -> "unsupported")
          .never(
              """
              ebs-info.attachment-limit-type ebs-info.maximum-ebs-attachments
              ebs-info.ebs-optimized-info.baseline-bandwidth-in-mbps
              ebs-info.ebs-optimized-info.baseline-iops
              ebs-info.ebs-optimized-info.baseline-throughput-in-mbps
              ebs-info.ebs-optimized-info.maximum-bandwidth-in-mbps
              ebs-info.ebs-optimized-info.maximum-iops
              ebs-info.ebs-optimized-info.maximum-throughput-in-mbps
              instance-storage-info.disk.count instance-storage-info.disk.size-in-gb
              instance-storage-info.disk.type instance-storage-info.encryption-support
              instance-storage-info.nvme-support instance-storage-info.total-size-in-gb
              network-info.bandwidth-weightings network-info.efa-info.maximum-efa-interfaces
              network-info.flexible-ena-queues-support nitro-tpm-info.supported-versions
              processor-info.sustained-clock-speed-in-ghz processor-info.supported-features
              supported-boot-mode vcpu-info.valid-cores vcpu-info.valid-threads-per-core
              """
                  .strip()
                  .split("\\s+"))
          .onAny(
              "processor-info.supported-architecture",
              type -> type.processorInfo().supportedArchitectures().stream())
          .onAny("supported-usage-class", type -> type.supportedUsageClasses().stream())
          .onAny("supported-root-device-type", type -> type.supportedRootDeviceTypes().stream())
          .onAny(
              "supported-virtualization-type",
              type -> type.supportedVirtualizationTypes().stream());

  private static final Filters<OfferingShape> OFFERING_FILTERS =
      new Filters<OfferingShape>()
          .on("instance-type", OfferingShape::instanceType)
          .on("location", OfferingShape::location);

  private final TypeNames types;

  TypeActions(TypeNames types) {
    this.types = types;
  }

  record ProcessorShape(List<String> supportedArchitectures, String manufacturer) {}

  record CpuShape(int defaultVCpus, int defaultCores, int defaultThreadsPerCore) {}

  record MemoryShape(long sizeInMiB) {}

  record EbsShape(String ebsOptimizedSupport, String encryptionSupport, String nvmeSupport) {}

  record NetworkShape(
      String networkPerformance,
      int maximumNetworkInterfaces,
      int maximumNetworkCards,
      int ipv4AddressesPerInterface,
      int ipv6AddressesPerInterface,
      boolean ipv6Supported,
      String enaSupport,
      boolean efaSupported) {}

  record PlacementShape(List<String> supportedStrategies) {}

  record TypeShape(
      String instanceType,
      boolean currentGeneration,
      boolean freeTierEligible,
      List<String> supportedUsageClasses,
      List<String> supportedRootDeviceTypes,
      List<String> supportedVirtualizationTypes,
      boolean bareMetal,
      String hypervisor,
      ProcessorShape processorInfo,
      CpuShape vCpuInfo,
      MemoryShape memoryInfo,
      boolean instanceStorageSupported,
      EbsShape ebsInfo,
      NetworkShape networkInfo,
      PlacementShape placementGroupInfo,
      boolean hibernationSupported,
      boolean burstablePerformanceSupported,
      boolean dedicatedHostsSupported,
      boolean autoRecoverySupported) {
    static TypeShape of(TypeNames.Named named) {
      InstanceType type = named.type();
      return new TypeShape(
          named.name(),
          true,
          false,
          List.of("on-demand"),
          List.of("ebs"),
          List.of("hvm"),
          false,
          "xen",
          new ProcessorShape(List.of("riscv64"), "Brume"),
          new CpuShape(type.vcpu(), type.vcpu(), 1),
          new MemoryShape(type.memoryMib()),
          false,
          new EbsShape("default", "supported", "unsupported"),
          new NetworkShape("Low", 4, 1, 16, 0, false, "supported", false),
          new PlacementShape(List.of("partition", "spread")),
          false,
          type.baselinePercent() < type.vcpu() * 100,
          false,
          true);
    }
  }

  @NotHere("IncludeUnsupportedInRegion")
  record DescribeInstanceTypes(
      List<String> instanceType,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record DescribeInstanceTypesAnswer(List<TypeShape> instanceTypeSet, @Nullable String nextToken) {}

  public DescribeInstanceTypesAnswer describeInstanceTypes(
      Ec2Call call, DescribeInstanceTypes request) {
    Pages pages = Pages.of(call.action(), request.maxResults(), request.nextToken());
    List<TypeNames.Named> all = types.all();
    List<String> unknown =
        request.instanceType().stream()
            .filter(name -> all.stream().noneMatch(type -> type.name().equals(name)))
            .toList();
    if (!unknown.isEmpty()) {
      throw new Ec2Fault(
          "InvalidInstanceType",
          "The following supplied instance types do not exist: ["
              + Text.shown(String.join(", ", unknown))
              + "]");
    }
    List<TypeShape> chosen =
        all.stream()
            .filter(type ->
                request.instanceType().isEmpty() || request.instanceType().contains(type.name()))
            .map(TypeShape::of)
            .filter(FILTERS.select(request.filter()))
            .sorted(Comparator.comparing(TypeShape::instanceType))
            .toList();
    Pages.Page<TypeShape> page = pages.cut(chosen, TypeShape::instanceType);
    return new DescribeInstanceTypesAnswer(page.items(), page.nextToken());
  }

  record DescribeInstanceTypeOfferings(
      @Nullable String locationType,
      List<Filter> filter,
      @Nullable Integer maxResults,
      @Nullable String nextToken) {}

  record OfferingShape(String instanceType, String locationType, String location) {
    String position() {
      return instanceType + " " + location;
    }
  }

  record DescribeInstanceTypeOfferingsAnswer(
      List<OfferingShape> instanceTypeOfferingSet, @Nullable String nextToken) {}

  public DescribeInstanceTypeOfferingsAnswer describeInstanceTypeOfferings(
      Ec2Call call, DescribeInstanceTypeOfferings request) {
    Pages pages = Pages.of(call.action(), request.maxResults(), request.nextToken());
    String by = request.locationType() == null ? "region" : request.locationType();
    List<String> locations =
        switch (by) {
          case "region" -> List.of(call.regionName());
          case "availability-zone" ->
              call.region().zones().stream().map(Region.Zone::name).toList();
          case "availability-zone-id" ->
              call.region().zones().stream().map(Region.Zone::id).toList();
          default ->
              throw Ec2Fault.value(
                  "LocationType",
                  by,
                  "It must be region, availability-zone or availability-zone-id.");
        };
    List<OfferingShape> all = new ArrayList<>();
    for (TypeNames.Named type : types.all()) {
      locations.forEach(location -> all.add(new OfferingShape(type.name(), by, location)));
    }
    List<OfferingShape> chosen =
        all.stream()
            .filter(OFFERING_FILTERS.select(request.filter()))
            .sorted(Comparator.comparing(OfferingShape::position))
            .toList();
    Pages.Page<OfferingShape> page = pages.cut(chosen, OfferingShape::position);
    return new DescribeInstanceTypeOfferingsAnswer(page.items(), page.nextToken());
  }
}
