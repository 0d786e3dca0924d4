package brume.compute.node;

import brume.compute.image.InstanceType;
import brume.compute.image.InstanceTypes;
import brume.compute.node.NodeView.Drain;
import brume.compute.node.NodeView.NodeVm;
import brume.compute.sql.SqlTime;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Nodes as the scheduler publishes them.
@Component
public class NodeQueries {
  private static final int VMS_MAX = 200;
  private static final String NODES =
      """
      SELECT n.*, coalesce(w.availability, 'active') AS availability
      FROM scheduling.node_summary n LEFT JOIN compute.node_intent w ON w.node_id = n.id
      """;

  private final InstanceTypes types;
  private final JdbcClient database;

  NodeQueries(InstanceTypes types, JdbcClient database) {
    this.types = types;
    this.database = database;
  }

  public Page<NodeView> list(Paging paging) {
    List<Node> nodes =
        database
            .sql(
                NODES
                    + " WHERE CAST(:after AS text) IS NULL OR n.name > :after"
                    + " ORDER BY n.name LIMIT :limit")
            .param("after", paging.after(), Types.VARCHAR)
            .param("limit", paging.oneMore())
            .query((row, number) -> node(row))
            .list();
    return Page.of(paging, views(nodes), NodeView::name);
  }

  Optional<NodeView> find(String nodeId) {
    List<Node> nodes =
        database
            .sql(NODES + " WHERE n.id = ?")
            .param(nodeId)
            .query((row, number) -> node(row))
            .list();
    return views(nodes).stream().findFirst();
  }

  private List<NodeView> views(List<Node> nodes) {
    List<InstanceType> offered = types.all();
    Map<String, List<NodeVm>> vms = vms(nodes.stream().map(Node::id).toList());
    return nodes.stream()
        .map(node -> node.view(offered, vms.getOrDefault(node.id(), List.of())))
        .toList();
  }

  private Map<String, List<NodeVm>> vms(List<String> nodes) {
    Map<String, List<NodeVm>> vms = new HashMap<>();
    database
        .sql(
            """
            SELECT v.* FROM unnest(?) AS n(id), LATERAL (
              SELECT * FROM scheduling.node_vm WHERE node_id = n.id
              ORDER BY instance_id DESC LIMIT ?) v
            """)
        .params(nodes.toArray(String[]::new), VMS_MAX)
        .query(row -> {
          vms.computeIfAbsent(row.getString("node_id"), ignored -> new ArrayList<>())
              .add(
                  new NodeVm(
                      row.getString("instance_id"),
                      row.getString("account_id"),
                      row.getString("instance_type"),
                      row.getInt("vcpu"),
                      row.getInt("memory_mib"),
                      row.getString("state").toLowerCase(Locale.ROOT),
                      Objects.requireNonNull(SqlTime.read(row, "allocated_at"))));
        });
    return vms;
  }

  /// What operators call these nodes, by id.
  public Map<String, String> names(List<String> ids) {
    Map<String, String> names = new HashMap<>();
    database
        .sql("SELECT id, name FROM scheduling.node_summary WHERE id = ANY (?)")
        .param(ids.toArray(String[]::new))
        .query(row -> {
          names.put(row.getString("id"), row.getString("name"));
        });
    return names;
  }

  /// A node by itself.
  private record Node(
      String id,
      String name,
      String zone,
      String address,
      boolean ready,
      String availability,
      boolean draining,
      @Nullable Drain drain,
      int vcpu,
      int vcpuUsed,
      int memoryMib,
      int memoryMibUsed,
      int instances,
      Instant registeredAt,
      @Nullable Instant lastHeartbeatAt,
      @Nullable Instant leaseExpiresAt) {
    private NodeView view(List<InstanceType> offered, List<NodeVm> vms) {
      return new NodeView(
          id,
          name,
          zone,
          address,
          ready,
          availability,
          draining,
          drain,
          vcpu,
          vcpuUsed,
          memoryMib,
          memoryMibUsed,
          instances,
          ready && !draining && availability.equals(Availability.ACTIVE.text())
              ? largest(offered)
              : null,
          vms,
          registeredAt,
          lastHeartbeatAt,
          leaseExpiresAt);
    }

    private @Nullable String largest(List<InstanceType> offered) {
      return offered.stream()
          .filter(type ->
              type.vcpu() <= vcpu - vcpuUsed && type.memoryMib() <= memoryMib - memoryMibUsed)
          .max(
              Comparator.comparingInt(InstanceType::memoryMib).thenComparingInt(InstanceType::vcpu))
          .map(InstanceType::name)
          .orElse(null);
    }
  }

  private static @Nullable Drain drain(ResultSet row) throws SQLException {
    Instant startedAt = SqlTime.read(row, "drain_began_at");
    return startedAt == null
        ? null
        : new Drain(startedAt, row.getInt("drain_began_with"), row.getString("drain_waits_for"));
  }

  private static Node node(ResultSet row) throws SQLException {
    return new Node(
        row.getString("id"),
        row.getString("name"),
        row.getString("zone"),
        row.getString("address"),
        row.getBoolean("ready"),
        row.getString("availability"),
        row.getBoolean("draining"),
        drain(row),
        row.getInt("vcpu"),
        row.getInt("vcpu_used"),
        row.getInt("memory_mib"),
        row.getInt("memory_mib_used"),
        row.getInt("instances"),
        Objects.requireNonNull(SqlTime.read(row, "registered_at")),
        SqlTime.read(row, "last_heartbeat_at"),
        SqlTime.read(row, "lease_expires_at"));
  }
}
