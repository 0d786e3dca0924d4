package brume.compute.launch;

import brume.compute.table.RecordTable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// The options of instances; what an instance of another door has none of is as usual.
@Component
public class InstanceOptions {
  private final RecordTable<InstanceOption> table;

  InstanceOptions(JdbcClient database, JsonMapper json) {
    this.table = new RecordTable<>(database, json, "compute.instance_option", InstanceOption.class);
  }

  public Map<String, InstanceOption> of(Collection<String> instanceIds) {
    return table.listEach("instance_id", instanceIds.toArray(String[]::new), "true").stream()
        .collect(Collectors.toMap(InstanceOption::instanceId, Function.identity()));
  }

  void insertAll(Collection<InstanceOption> options) {
    table.insertAll(options);
  }

  /// Writes the options of an instance, also where it had none of its own.
  void put(InstanceOption option) {
    if (of(List.of(option.instanceId())).isEmpty()) {
      table.insert(option);
    } else {
      table.update(option);
    }
  }
}
