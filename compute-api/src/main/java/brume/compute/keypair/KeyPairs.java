package brume.compute.keypair;

import brume.compute.table.RecordTable;
import brume.compute.tag.TagStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// The key pairs of an account in a region.
@Component
public class KeyPairs {
  final RecordTable<KeyPairRow> table;
  private final TagStore tags;

  KeyPairs(JdbcClient database, JsonMapper json, TagStore tags) {
    this.table = new RecordTable<>(database, json, "compute.key_pair", KeyPairRow.class);
    this.tags = tags;
  }

  /// By name.
  public List<KeyPairRow.Tagged> all(String accountId, String region) {
    List<KeyPairRow> keys =
        table.list("account_id = ? AND region = ? ORDER BY name", accountId, region);
    Map<String, Map<String, String>> tagged =
        tags.of(accountId, keys.stream().map(KeyPairRow::id).toList());
    return keys.stream()
        .map(key -> new KeyPairRow.Tagged(key, tagged.getOrDefault(key.id(), Map.of())))
        .toList();
  }

  public Optional<KeyPairRow> named(String accountId, String region, String name) {
    return table.find("account_id = ? AND region = ? AND name = ?", accountId, region, name);
  }

  public Optional<KeyPairRow> find(String accountId, String region, String id) {
    return table.find("id = ? AND account_id = ? AND region = ?", id, accountId, region);
  }
}
