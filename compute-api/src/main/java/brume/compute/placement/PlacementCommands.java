package brume.compute.placement;

import brume.compute.account.AccountStore;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import brume.compute.resource.OwnedTable;
import brume.compute.resource.ResourceKind;
import brume.compute.resource.Scope;
import brume.compute.resource.Tagged;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Makes and deletes placement groups.
@Component
public class PlacementCommands {
  public static final int GROUPS_MAX = 500;

  private final OwnedTable<PlacementGroup> groups;
  private final AccountStore accounts;
  private final JdbcClient database;
  private final IdGenerator ids;
  private final Clock clock;

  PlacementCommands(
      OwnedTable.Factory tables,
      AccountStore accounts,
      JdbcClient database,
      IdGenerator ids,
      Clock clock) {
    groups =
        tables.table("compute.placement_group", PlacementGroup.class, ResourceKind.PLACEMENT_GROUP);
    this.accounts = accounts;
    this.database = database;
    this.ids = ids;
    this.clock = clock;
  }

  @Transactional
  public Tagged<PlacementGroup> create(
      Scope scope,
      String name,
      String strategy,
      @Nullable Integer partitions,
      Map<String, String> tags) {
    accounts.lock(scope.accountId());
    Fields.text("GroupName", name, 1, 255);
    Fields.oneOf("Strategy", strategy, List.of("cluster", "spread", "partition"));
    if (partitions != null && !strategy.equals("partition")) {
      throw Refused.invalid("PartitionCount", "PartitionCount is for the strategy partition");
    }
    Integer count =
        partitions == null && strategy.equals("partition") ? Integer.valueOf(2) : partitions;
    if (count != null) {
      Fields.range("PartitionCount", count, 1, 7);
    }
    if (!groups.where(scope, "name = ?", name).isEmpty()) {
      throw Refused.conflict(
          "placement_group_duplicate",
          "The placement group '" + Fields.shown(name) + "' already exists.");
    }
    if (groups.count(scope) >= GROUPS_MAX) {
      throw Refused.conflict(
          "placement_group_limit_exceeded",
          "The maximum number of placement groups has been reached: " + GROUPS_MAX);
    }
    return groups.insert(
        new PlacementGroup(
            ids.next("pg-"),
            scope.accountId(),
            scope.region(),
            name,
            strategy,
            count,
            clock.instant()),
        tags);
  }

  public OwnedTable<PlacementGroup> groups() {
    return groups;
  }

  public PlacementGroup require(Scope scope, String name) {
    return groups.where(scope, "name = ?", name).stream()
        .findFirst()
        .orElseThrow(() -> ResourceKind.PLACEMENT_GROUP.unknown(name));
  }

  @Transactional
  public void delete(Scope scope, String name) {
    accounts.lock(scope.accountId());
    PlacementGroup group = require(scope, name);
    boolean used =
        database
            .sql(
                "SELECT EXISTS (SELECT FROM compute.instance_option o JOIN compute.instance i"
                    + " ON i.id = o.instance_id WHERE o.account_id = ? AND o.region = ?"
                    + " AND o.placement_group = ? AND i.intent <> 'TERMINATE')")
            .params(scope.accountId(), scope.region(), name)
            .query(Boolean.class)
            .single();
    if (used) {
      throw Refused.conflict(
          "placement_group_in_use",
          "The placement group " + name + " is in use and may not be deleted.");
    }
    groups.delete(group);
  }
}
