package brume.compute.region;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/// The regions that an operator configured.
@Component
public class Regions {
  private static final Pattern FORM = Pattern.compile("([a-z0-9][a-z0-9-]{0,30}):(.+)");
  private static final Pattern ZONE = Pattern.compile("([a-z])(?:=([a-z0-9][a-z0-9-]{0,61}))?");

  private final Map<String, Region> regions = new LinkedHashMap<>();

  Regions(RegionSettings settings) {
    for (String text : settings.names()) {
      Region region = parse(text.strip());
      regions.put(region.name(), region);
    }
    if (regions.isEmpty()) {
      throw new IllegalArgumentException("brume.region.names must name at least one region");
    }
  }

  private static Region parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw malformed(text);
    }
    String name = form.group(1);
    List<Region.Zone> zones = new ArrayList<>();
    for (String zone : form.group(2).strip().split("[ ,]+")) {
      Matcher parts = ZONE.matcher(zone);
      if (!parts.matches()) {
        throw malformed(text);
      }
      String letter = parts.group(1);
      String nodes = parts.group(2) == null ? letter : parts.group(2);
      zones.add(
          new Region.Zone(name + letter, shortName(name) + "-az" + (zones.size() + 1), nodes));
    }
    return new Region(name, zones);
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "brume.region.names must be like 'us-east-1:a b c' or 'us-east-1:a=rack1 b=rack2', not '"
            + text
            + "'");
  }

  /// As EC2 shortens names in zone ids: `us-east-1` is `use1`.
  private static String shortName(String region) {
    String[] parts = region.split("-");
    if (parts.length != 3) {
      return region;
    }
    return parts[0] + parts[1].charAt(0) + parts[2];
  }

  public List<Region> all() {
    return List.copyOf(regions.values());
  }

  public Optional<Region> find(String name) {
    return Optional.ofNullable(regions.get(name));
  }
}
