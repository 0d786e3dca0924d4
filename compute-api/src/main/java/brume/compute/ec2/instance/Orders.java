package brume.compute.ec2.instance;

import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.shape.EbsShape;
import brume.compute.ec2.shape.TagSpecification;
import brume.compute.ec2.shape.TypeNames;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.instance.RunInstances;
import brume.compute.launch.InstanceOption;
import brume.compute.launch.LaunchOrder;
import brume.compute.launch.MetadataOptions;
import brume.compute.region.Region;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Makes a [LaunchOrder] of what a client asked for, and refuses what this cloud has not.
final class Orders {
  private static final int TOKEN_MAX = 64;

  private Orders() {}

  /// What a launch says beside what templates can.
  record Extra(
      @Nullable Integer minCount,
      @Nullable Integer maxCount,
      @Nullable String subnetId,
      @Nullable String privateIpAddress,
      @Nullable String clientToken,
      @Nullable String templateId,
      @Nullable String templateVersion) {}

  static LaunchOrder of(Ec2Call call, LaunchSettings settings, Extra extra, TypeNames types) {
    refuseWhatIsNotHere(settings);
    if (settings.imageId() == null || settings.imageId().isEmpty()) {
      throw Ec2Fault.missing("ImageId");
    }
    int min = count("MinCount", extra.minCount());
    int max = count("MaxCount", extra.maxCount());
    if (min > max) {
      throw new Ec2Fault(
          "InvalidParameterCombination",
          "MinCount must not be greater than MaxCount: " + min + " > " + max);
    }
    List<LaunchOrder.Card> cards = OrderCards.of(settings, extra);
    if (max > 1
        && cards.stream()
            .anyMatch(card -> card.privateIp() != null || !card.more().addresses().isEmpty())) {
      throw Ec2Fault.combination("A private address is for one instance: MaxCount must be 1");
    }
    Map<String, SortedMap<String, String>> tags =
        TagSpecification.byType(
            List.of("instance", "volume", "network-interface", "spot-instances-request"),
            settings.tagSpecification());
    return new LaunchOrder(
        settings.imageId(),
        types.ours(type(settings)),
        min,
        max,
        zone(call, settings.placement()),
        cards,
        settings.keyName(),
        userData(settings.userData()),
        tags.getOrDefault("instance", new TreeMap<>()),
        tags.getOrDefault("volume", new TreeMap<>()),
        tags.getOrDefault("network-interface", new TreeMap<>()),
        EbsShape.devices(settings.blockDeviceMapping()),
        Boolean.TRUE.equals(settings.disableApiTermination()),
        options(call, settings, extra, types));
  }

  private static String type(LaunchSettings settings) {
    return settings.instanceType() == null ? "e1.nano" : settings.instanceType();
  }

  private static int count(String name, @Nullable Integer count) {
    if (count == null) {
      throw Ec2Fault.missing(name);
    }
    if (count < 1 || count > LaunchOrder.COUNT_MAX) {
      throw Ec2Fault.value(
          name, count.toString(), "It must be 1 to " + LaunchOrder.COUNT_MAX + ".");
    }
    return count;
  }

  private static @Nullable String zone(
      Ec2Call call, LaunchSettings.@Nullable PlacementShape placement) {
    if (placement == null) {
      return null;
    }
    if (placement.hostId() != null || "host".equals(placement.tenancy())) {
      throw Ec2Fault.unsupported("There are no dedicated hosts.");
    }
    String name = placement.availabilityZone();
    String id = placement.availabilityZoneId();
    if (name == null && id == null) {
      return null;
    }
    return call.region().zones().stream()
        .filter(zone -> zone.name().equals(name) || (name == null && zone.id().equals(id)))
        .map(Region.Zone::name)
        .findFirst()
        .orElseThrow(() ->
            new Ec2Fault(
                "InvalidParameterValue",
                "Invalid availability zone: [" + (name == null ? id : name) + "]"));
  }

  static @Nullable String userData(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw new Ec2Fault("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data");
    }
    if (bytes.length > RunInstances.USER_DATA_BYTES_MAX) {
      throw new Ec2Fault(
          "InvalidParameterValue",
          "User data is limited to " + RunInstances.USER_DATA_BYTES_MAX + " bytes");
    }
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static InstanceOption options(
      Ec2Call call, LaunchSettings settings, Extra extra, TypeNames types) {
    String token = extra.clientToken();
    if (token != null && token.length() > TOKEN_MAX) {
      throw Ec2Fault.value("ClientToken", token, "It may have " + TOKEN_MAX + " characters.");
    }
    String behavior = settings.instanceInitiatedShutdownBehavior();
    if (behavior != null && !List.of("stop", "terminate").contains(behavior)) {
      throw Ec2Fault.value(
          "InstanceInitiatedShutdownBehavior", behavior, "It must be stop or terminate.");
    }
    LaunchSettings.PlacementShape placement = settings.placement();
    String tenancy =
        placement == null || placement.tenancy() == null ? "default" : placement.tenancy();
    if (!List.of("default", "dedicated").contains(tenancy)) {
      throw Ec2Fault.value("Placement.Tenancy", tenancy, "It must be default or dedicated.");
    }
    return new InstanceOption(
        "",
        call.accountId(),
        call.regionName(),
        "",
        null,
        null,
        settings.keyName(),
        token,
        behavior == null ? "stop" : behavior,
        Boolean.TRUE.equals(settings.disableApiStop()),
        Boolean.TRUE.equals(settings.ebsOptimized()),
        settings.monitoring() != null && Boolean.TRUE.equals(settings.monitoring().enabled()),
        credits(settings.creditSpecification()),
        metadata(settings.metadataOptions(), MetadataOptions.USUAL),
        placement == null ? null : placement.groupName(),
        tenancy,
        extra.templateId(),
        extra.templateVersion(),
        types.ours(type(settings)).equals(type(settings)) ? null : type(settings));
  }

  static String credits(LaunchSettings.@Nullable CreditShape credit) {
    String credits =
        credit == null || credit.cpuCredits() == null ? "standard" : credit.cpuCredits();
    if (!List.of("standard", "unlimited").contains(credits)) {
      throw Ec2Fault.value(
          "CreditSpecification.CpuCredits", credits, "It must be standard or unlimited.");
    }
    return credits;
  }

  static MetadataOptions metadata(
      LaunchSettings.@Nullable MetadataShape asked, MetadataOptions before) {
    if (asked == null) {
      return before;
    }
    Integer hops = asked.httpPutResponseHopLimit();
    if (hops != null && (hops < 1 || hops > 64)) {
      throw Ec2Fault.value("HttpPutResponseHopLimit", hops.toString(), "It must be 1 to 64.");
    }
    return new MetadataOptions(
        oneOf("HttpTokens", asked.httpTokens(), before.httpTokens(), "optional", "required"),
        hops == null ? before.httpPutResponseHopLimit() : hops,
        oneOf("HttpEndpoint", asked.httpEndpoint(), before.httpEndpoint(), "enabled", "disabled"),
        oneOf(
            "HttpProtocolIpv6",
            asked.httpProtocolIpv6(),
            before.httpProtocolIpv6(),
            "enabled",
            "disabled"),
        oneOf(
            "InstanceMetadataTags",
            asked.instanceMetadataTags(),
            before.instanceMetadataTags(),
            "enabled",
            "disabled"));
  }

  private static String oneOf(
      String name, @Nullable String value, String before, String one, String other) {
    if (value != null && !value.equals(one) && !value.equals(other)) {
      throw Ec2Fault.value(name, value, "It must be " + one + " or " + other + ".");
    }
    return value == null ? before : value;
  }

  private static void refuseWhatIsNotHere(LaunchSettings settings) {
    LaunchSettings.ProfileShape profile = settings.iamInstanceProfile();
    if (profile != null) {
      String name = profile.arn() == null ? String.valueOf(profile.name()) : profile.arn();
      throw Ec2Fault.value("iamInstanceProfile", name, "There are no IAM instance profiles.");
    }
    if (settings.instanceMarketOptions() != null) {
      throw Ec2Fault.unsupported("There is no spot market: leave InstanceMarketOptions out.");
    }
    if (settings.hibernationOptions() != null
        && Boolean.TRUE.equals(settings.hibernationOptions().configured())) {
      throw Ec2Fault.unsupported("Hibernation is not there yet: leave HibernationOptions out.");
    }
    if (settings.enclaveOptions() != null
        && Boolean.TRUE.equals(settings.enclaveOptions().enabled())) {
      throw Ec2Fault.unsupported("There are no enclaves: leave EnclaveOptions out.");
    }
    if (settings.cpuOptions() != null) {
      throw Ec2Fault.unsupported("CPU options are those of the instance type.");
    }
    if (settings.kernelId() != null) {
      throw Ec2Fault.unsupported("An image brings its own kernel: leave KernelId out.");
    }
  }
}
