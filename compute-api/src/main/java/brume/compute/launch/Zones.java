package brume.compute.launch;

import brume.compute.region.Region;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Which zone a launch goes to that names none.
@Component
class Zones {
  private final JdbcClient database;

  Zones(JdbcClient database) {
    this.database = database;
  }

  /// The zone whose nodes have most memory free; the first where none has any.
  Region.Zone roomiest(Region region) {
    Map<String, Long> free = new HashMap<>();
    database
        .sql(
            "SELECT zone, sum(memory_mib - memory_mib_used) FROM scheduling.node_summary"
                + " WHERE ready AND NOT draining GROUP BY zone")
        .query(row -> {
          free.put(row.getString(1), row.getLong(2));
        });
    return region.zones().stream()
        .max(Comparator.comparingLong(zone -> free.getOrDefault(zone.nodeZone(), 0L)))
        .filter(zone -> free.getOrDefault(zone.nodeZone(), 0L) > 0)
        .orElse(region.zones().getFirst());
  }
}
