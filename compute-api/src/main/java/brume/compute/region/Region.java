package brume.compute.region;

import java.util.List;
import java.util.Optional;

/// A region: a name space of its own for everything but instance types. Regions share the cloud's
/// nodes: `us-east-1a` is where nodes say that their zone is `a`.
public record Region(String name, List<Zone> zones) {
  public Region {
    zones = List.copyOf(zones);
  }

  /// A zone by its full name and id, and what nodes call it.
  public record Zone(String name, String id, String nodeZone) {}

  public Optional<Zone> zone(String name) {
    return zones.stream().filter(zone -> zone.name().equals(name)).findFirst();
  }

  /// The zone that nodes call so.
  public Optional<Zone> ofNodes(String nodeZone) {
    return zones.stream().filter(zone -> zone.nodeZone().equals(nodeZone)).findFirst();
  }
}
