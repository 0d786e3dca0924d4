package brume.compute.keypair;

import brume.compute.access.Caller;
import brume.compute.account.AccountStore;
import brume.compute.refusal.Fields;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import brume.compute.tag.TagStore;
import brume.contract.IdGenerator;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/// Makes, imports and deletes key pairs.
@Component
public class KeyPairCommands {
  private static final int PER_REGION_MAX = 5_000;
  private static final int NAME_MAX = 255;

  /// A new one, with the private half that is kept nowhere.
  public record NewKeyPair(KeyPairRow.Tagged pair, String privatePem) {
    @Override
    public String toString() {
      return "NewKeyPair[" + pair.key().id() + "]";
    }
  }

  private final KeyPairs keys;
  private final TagStore tags;
  private final AccountStore accounts;
  private final IdGenerator ids;
  private final SecureRandom random;
  private final Clock clock;

  KeyPairCommands(
      KeyPairs keys,
      TagStore tags,
      AccountStore accounts,
      IdGenerator ids,
      SecureRandom random,
      Clock clock) {
    this.keys = keys;
    this.tags = tags;
    this.accounts = accounts;
    this.ids = ids;
    this.random = random;
    this.clock = clock;
  }

  @Transactional
  public NewKeyPair create(
      Caller caller, String region, String name, String type, Map<String, String> tagged) {
    reserve(caller, region, name);
    KeyMaterial material =
        switch (type) {
          case "rsa" -> KeyMaterial.rsa(random);
          case "ed25519" -> KeyMaterial.ed25519(random);
          default ->
              throw Refused.invalid(
                  "KeyType", "Invalid KeyType '" + Fields.shown(type) + "': use rsa or ed25519");
        };
    KeyPairRow row = row(caller, region, name, type, material.fingerprint(), material.publicKey());
    return new NewKeyPair(insert(row, tagged), material.privatePem());
  }

  @Transactional
  public KeyPairRow.Tagged importKey(
      Caller caller, String region, String name, String line, Map<String, String> tagged) {
    reserve(caller, region, name);
    PublicKeyLine key = PublicKeyLine.parse(line);
    return insert(row(caller, region, name, key.type(), key.fingerprint(), key.line()), tagged);
  }

  /// What is not there is as good as deleted.
  @Transactional
  public void delete(Caller caller, KeyPairRow key) {
    tags.removeAll(caller.accountId(), key.id());
    keys.table.delete("id = ? AND account_id = ?", key.id(), caller.accountId());
  }

  private KeyPairRow row(
      Caller caller, String region, String name, String type, String fingerprint, String line) {
    return new KeyPairRow(
        ids.next("key-"),
        caller.accountId(),
        region,
        name,
        type,
        fingerprint,
        line,
        clock.instant());
  }

  private KeyPairRow.Tagged insert(KeyPairRow row, Map<String, String> tagged) {
    keys.table.insert(row);
    tags.put(row.accountId(), row.region(), row.id(), tagged);
    return new KeyPairRow.Tagged(row, tagged);
  }

  private void reserve(Caller caller, String region, String name) {
    Fields.text("KeyName", name, 1, NAME_MAX);
    accounts.lock(caller.accountId());
    if (keys.named(caller.accountId(), region, name).isPresent()) {
      throw new Refused(
          new Refusal.Conflict(
              "key_pair_duplicate",
              "KeyName",
              "The keypair '" + Fields.shown(name) + "' already exists."));
    }
    if (keys.all(caller.accountId(), region).size() >= PER_REGION_MAX) {
      throw new Refused(
          new Refusal.Conflict(
              "key_pair_limit_exceeded",
              "KeyName",
              "You have reached the limit of " + PER_REGION_MAX + " key pairs in a region"));
    }
  }
}
