package brume.compute.volume;

import brume.compute.resource.OwnedTable;
import brume.compute.resource.ResourceKind;
import org.springframework.stereotype.Component;

/// The tables of this feature, which nothing else writes; whoever looks may use them.
@Component
public class VolumeTables {
  public final OwnedTable<Volume> volumes;
  public final OwnedTable<Snapshot> snapshots;

  VolumeTables(OwnedTable.Factory tables) {
    volumes = tables.table("compute.volume", Volume.class, ResourceKind.VOLUME);
    snapshots = tables.table("compute.snapshot", Snapshot.class, ResourceKind.SNAPSHOT);
  }
}
