package brume.compute.instance;

import brume.compute.sql.SqlTime;
import brume.contract.InstanceState;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A filter as conditions of a query in which `i` is the instance, `m` its image and `f` its fact.
record InstanceConditions(InstanceFilter filter) {
  /// All must hold.
  List<String> all() {
    List<String> conditions = new ArrayList<>();
    if (!filter.states().isEmpty()) {
      conditions.add("(" + InstanceRows.STATE + ") IN (:states)");
    }
    if (filter.type() != null) {
      conditions.add("i.instance_type = :type");
    }
    if (filter.image() != null) {
      conditions.add("(m.id = :image OR m.name = :image)");
    }
    if (filter.name() != null) {
      conditions.add("i.name = :name");
    }
    if (filter.node() != null) {
      conditions.add("f.allocated AND (f.node_id = :node OR f.node_name = :node)");
    }
    if (filter.from() != null) {
      conditions.add("i.created_at >= :from");
    }
    if (filter.to() != null) {
      conditions.add("i.created_at < :to");
    }
    for (int tag = 0; tag < filter.tags().size(); tag++) {
      boolean anyValue = filter.tags().get(tag).value() == null;
      conditions.add(
          "EXISTS (SELECT FROM compute.instance_tag t WHERE t.instance_id = i.id AND t.key = :key"
              + tag
              + (anyValue ? ")" : " AND t.value = :value" + tag + ")"));
    }
    return conditions;
  }

  JdbcClient.StatementSpec bind(JdbcClient.StatementSpec statement) {
    JdbcClient.StatementSpec bound =
        statement
            .param("states", filter.states().stream().map(InstanceState::text).toList())
            .param("type", filter.type())
            .param("image", filter.image())
            .param("name", filter.name())
            .param("node", filter.node())
            .param("from", SqlTime.write(filter.from()), Types.TIMESTAMP_WITH_TIMEZONE)
            .param("to", SqlTime.write(filter.to()), Types.TIMESTAMP_WITH_TIMEZONE);
    for (int tag = 0; tag < filter.tags().size(); tag++) {
      bound =
          bound
              .param("key" + tag, filter.tags().get(tag).key())
              .param("value" + tag, filter.tags().get(tag).value());
    }
    return bound;
  }
}
