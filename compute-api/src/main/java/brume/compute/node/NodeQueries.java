package brume.compute.node;

import brume.compute.sql.SqlTime;
import brume.compute.web.Page;
import brume.compute.web.Paging;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Nodes as the scheduler publishes them.
@Component
public class NodeQueries {
  private final JdbcClient database;

  NodeQueries(JdbcClient database) {
    this.database = database;
  }

  public Page<NodeView> list(Paging paging) {
    List<NodeView> nodes =
        database
            .sql(
                "SELECT * FROM scheduling.node_summary"
                    + " WHERE CAST(:after AS text) IS NULL OR name > :after"
                    + " ORDER BY name LIMIT :limit")
            .param("after", paging.after(), Types.VARCHAR)
            .param("limit", paging.oneMore())
            .query((row, number) -> view(row))
            .list();
    return Page.of(paging, nodes, NodeView::name);
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

  private static NodeView view(ResultSet row) throws SQLException {
    return new NodeView(
        row.getString("id"),
        row.getString("name"),
        row.getString("zone"),
        row.getString("address"),
        row.getBoolean("ready"),
        row.getBoolean("draining"),
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
