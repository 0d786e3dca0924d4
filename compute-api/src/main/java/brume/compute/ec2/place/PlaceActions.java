package brume.compute.ec2.place;

import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Text;
import brume.compute.region.Region;
import brume.compute.region.Regions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// DescribeRegions, DescribeAvailabilityZones.
@Component
class PlaceActions implements Ec2Actions {
  private static final String OPT_IN = "opt-in-not-required";

  private static final Filters<RegionShape> REGION_FILTERS =
      new Filters<RegionShape>()
          .on("region-name", RegionShape::regionName)
          .on("endpoint", RegionShape::regionEndpoint)
          .on("opt-in-status", RegionShape::optInStatus);

  private static final Filters<ZoneShape> ZONE_FILTERS =
      new Filters<ZoneShape>()
          .on("zone-name", ZoneShape::zoneName)
          .on("zone-id", ZoneShape::zoneId)
          .on("region-name", ZoneShape::regionName)
          .on("state", ZoneShape::zoneState)
          .on("group-name", ZoneShape::groupName)
          .on("zone-type", ZoneShape::zoneType)
          .on("opt-in-status", ZoneShape::optInStatus)
          .on("group-long-name", zone -> zone.regionName())
          .never("message", "parent-zone-id", "parent-zone-name");

  private final Regions regions;

  PlaceActions(Regions regions) {
    this.regions = regions;
  }

  record DescribeRegions(
      List<String> regionName, @Nullable Boolean allRegions, List<Filter> filter) {}

  record RegionShape(String regionName, String regionEndpoint, String optInStatus) {}

  record DescribeRegionsAnswer(List<RegionShape> regionInfo) {}

  public DescribeRegionsAnswer describeRegions(Ec2Call call, DescribeRegions request) {
    for (String name : request.regionName()) {
      if (regions.find(name).isEmpty()) {
        throw new Ec2Fault("InvalidParameterValue", "Invalid region provided: " + Text.shown(name));
      }
    }
    return new DescribeRegionsAnswer(
        regions.all().stream()
            .filter(region ->
                request.regionName().isEmpty() || request.regionName().contains(region.name()))
            .map(region ->
                new RegionShape(region.name(), "ec2." + region.name() + ".amazonaws.com", OPT_IN))
            .filter(REGION_FILTERS.select(request.filter()))
            .toList());
  }

  record DescribeAvailabilityZones(
      List<String> zoneName,
      List<String> zoneId,
      @Nullable Boolean allAvailabilityZones,
      List<Filter> filter) {}

  record ZoneShape(
      String zoneName,
      String zoneState,
      String regionName,
      List<String> messageSet,
      String zoneId,
      String optInStatus,
      String groupName,
      String networkBorderGroup,
      String zoneType) {}

  record DescribeAvailabilityZonesAnswer(List<ZoneShape> availabilityZoneInfo) {}

  public DescribeAvailabilityZonesAnswer describeAvailabilityZones(
      Ec2Call call, DescribeAvailabilityZones request) {
    List<Region.Zone> zones = call.region().zones();
    for (String name : request.zoneName()) {
      if (zones.stream().noneMatch(zone -> zone.name().equals(name))) {
        throw new Ec2Fault(
            "InvalidParameterValue", "Invalid availability zone: [" + Text.shown(name) + "]");
      }
    }
    for (String id : request.zoneId()) {
      if (zones.stream().noneMatch(zone -> zone.id().equals(id))) {
        throw new Ec2Fault(
            "InvalidParameterValue", "Invalid availability zone-id: [" + Text.shown(id) + "]");
      }
    }
    return new DescribeAvailabilityZonesAnswer(
        zones.stream()
            .filter(
                zone -> request.zoneName().isEmpty() || request.zoneName().contains(zone.name()))
            .filter(zone -> request.zoneId().isEmpty() || request.zoneId().contains(zone.id()))
            .map(zone -> shape(call.regionName(), zone))
            .filter(ZONE_FILTERS.select(request.filter()))
            .toList());
  }

  private static ZoneShape shape(String region, Region.Zone zone) {
    return new ZoneShape(
        zone.name(),
        "available",
        region,
        List.of(),
        zone.id(),
        OPT_IN,
        region + "-zg-1",
        region,
        "availability-zone");
  }
}
