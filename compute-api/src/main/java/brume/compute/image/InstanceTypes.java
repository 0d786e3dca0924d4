package brume.compute.image;

import brume.compute.refusal.Fields;
import brume.compute.refusal.Refused;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// The sizes on offer, which only migrations of the database change.
@Component
public class InstanceTypes {
  private static final String SELECT =
      "SELECT name, vcpu, memory_mib, baseline_percent FROM compute.instance_type ";

  private final JdbcClient database;
  private volatile List<InstanceType> known = List.of();

  InstanceTypes(JdbcClient database) {
    this.database = database;
  }

  public List<InstanceType> all() {
    return database.sql(SELECT + "ORDER BY sort_order").query(InstanceTypes::read).list();
  }

  /// As it was read before, since a launch asks it often; what is not known yet is looked for.
  public Optional<InstanceType> find(String name) {
    Optional<InstanceType> found = named(known, name);
    if (found.isEmpty()) {
      known = all();
      found = named(known, name);
    }
    return found;
  }

  private static Optional<InstanceType> named(List<InstanceType> types, String name) {
    return types.stream().filter(type -> type.name().equals(name)).findFirst();
  }

  private static InstanceType read(ResultSet row, int number) throws SQLException {
    return new InstanceType(
        row.getString("name"),
        row.getInt("vcpu"),
        row.getInt("memory_mib"),
        row.getInt("baseline_percent"));
  }

  /// @param field what the client called it
  public InstanceType require(String field, String name) {
    return find(name)
        .orElseThrow(() ->
            Refused.invalid(
                "unknown_instance_type",
                field,
                "there is no instance type '"
                    + Fields.shown(name)
                    + "'; there are "
                    + all().stream().map(InstanceType::name).collect(Collectors.joining(", "))));
  }
}
