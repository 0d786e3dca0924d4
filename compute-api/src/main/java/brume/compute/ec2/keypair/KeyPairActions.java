package brume.compute.ec2.keypair;

import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.filter.Filter;
import brume.compute.ec2.filter.Filters;
import brume.compute.ec2.shape.Tag;
import brume.compute.ec2.shape.TagSpecification;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Required;
import brume.compute.ec2.wire.Text;
import brume.compute.ec2.wire.WireName;
import brume.compute.keypair.KeyPairCommands;
import brume.compute.keypair.KeyPairRow;
import brume.compute.keypair.KeyPairs;
import brume.compute.refusal.Refused;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// CreateKeyPair, ImportKeyPair, DescribeKeyPairs, DeleteKeyPair.
@Component
class KeyPairActions implements Ec2Actions {
  private static final Filters<KeyPairRow.Tagged> FILTERS =
      new Filters<KeyPairRow.Tagged>()
          .on("key-name", pair -> pair.key().name())
          .on("key-pair-id", pair -> pair.key().id())
          .on("fingerprint", pair -> pair.key().fingerprint())
          .onTags(KeyPairRow.Tagged::tags);

  private final KeyPairs keys;
  private final KeyPairCommands commands;

  KeyPairActions(KeyPairs keys, KeyPairCommands commands) {
    this.keys = keys;
    this.commands = commands;
  }

  record CreateKeyPair(
      @Required String keyName,
      @Nullable String keyType,
      @Nullable String keyFormat,
      List<TagSpecification> tagSpecification) {}

  record CreateKeyPairAnswer(
      String keyPairId,
      String keyName,
      String keyFingerprint,
      String keyMaterial,
      List<Tag> tagSet) {}

  public CreateKeyPairAnswer createKeyPair(Ec2Call call, CreateKeyPair request) {
    if (request.keyFormat() != null && !request.keyFormat().equals("pem")) {
      throw Ec2Fault.value("KeyFormat", request.keyFormat(), "This cloud makes keys as pem.");
    }
    KeyPairCommands.NewKeyPair made =
        commands.create(
            call.caller(),
            call.regionName(),
            request.keyName(),
            request.keyType() == null ? "rsa" : request.keyType(),
            TagSpecification.of("key-pair", request.tagSpecification()));
    KeyPairRow key = made.pair().key();
    return new CreateKeyPairAnswer(
        key.id(), key.name(), key.fingerprint(), made.privatePem(), Tag.of(made.pair().tags()));
  }

  record ImportKeyPair(
      @Required String keyName,
      @Required String publicKeyMaterial,
      List<TagSpecification> tagSpecification) {}

  record ImportKeyPairAnswer(
      String keyPairId, String keyName, String keyFingerprint, List<Tag> tagSet) {}

  public ImportKeyPairAnswer importKeyPair(Ec2Call call, ImportKeyPair request) {
    KeyPairRow.Tagged made =
        commands.importKey(
            call.caller(),
            call.regionName(),
            request.keyName(),
            decoded(request.publicKeyMaterial()),
            TagSpecification.of("key-pair", request.tagSpecification()));
    return new ImportKeyPairAnswer(
        made.key().id(), made.key().name(), made.key().fingerprint(), Tag.of(made.tags()));
  }

  private static String decoded(String base64) {
    try {
      return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Ec2Fault("InvalidKey.Format", "PublicKeyMaterial must be base64");
    }
  }

  record DescribeKeyPairs(
      List<String> keyName,
      List<String> keyPairId,
      @Nullable Boolean includePublicKey,
      List<Filter> filter) {}

  record KeyPairShape(
      String keyPairId,
      String keyFingerprint,
      String keyName,
      String keyType,
      List<Tag> tagSet,
      @Nullable String publicKey,
      Instant createTime) {}

  record DescribeKeyPairsAnswer(@WireName("keySet") List<KeyPairShape> keys) {}

  public DescribeKeyPairsAnswer describeKeyPairs(Ec2Call call, DescribeKeyPairs request) {
    boolean withKey = Boolean.TRUE.equals(request.includePublicKey());
    List<KeyPairRow.Tagged> all = keys.all(call.accountId(), call.regionName());
    for (String name : request.keyName()) {
      if (all.stream().noneMatch(pair -> pair.key().name().equals(name))) {
        throw unknown(name);
      }
    }
    for (String id : request.keyPairId()) {
      if (all.stream().noneMatch(pair -> pair.key().id().equals(id))) {
        throw unknown(id);
      }
    }
    boolean some = !request.keyName().isEmpty() || !request.keyPairId().isEmpty();
    return new DescribeKeyPairsAnswer(
        all.stream()
            .filter(pair ->
                !some
                    || request.keyName().contains(pair.key().name())
                    || request.keyPairId().contains(pair.key().id()))
            .filter(FILTERS.select(request.filter()))
            .map(pair -> shape(pair, withKey))
            .toList());
  }

  private static KeyPairShape shape(KeyPairRow.Tagged pair, boolean withKey) {
    KeyPairRow key = pair.key();
    return new KeyPairShape(
        key.id(),
        key.fingerprint(),
        key.name(),
        key.type(),
        Tag.of(pair.tags()),
        withKey ? key.publicKey() + " " + key.name() : null,
        key.createdAt());
  }

  record DeleteKeyPair(@Nullable String keyName, @Nullable String keyPairId) {}

  record DeleteKeyPairAnswer(@WireName("return") boolean result, @Nullable String keyPairId) {}

  /// Deleting what is not there succeeds, as EC2 says.
  public DeleteKeyPairAnswer deleteKeyPair(Ec2Call call, DeleteKeyPair request) {
    String name = request.keyName();
    String id = request.keyPairId();
    if (name == null && id == null) {
      throw Ec2Fault.missing("KeyName");
    }
    Optional<KeyPairRow> found =
        id == null
            ? keys.named(call.accountId(), call.regionName(), String.valueOf(name))
            : keys.find(call.accountId(), call.regionName(), id);
    found.ifPresent(key -> commands.delete(call.caller(), key));
    return new DeleteKeyPairAnswer(true, found.map(KeyPairRow::id).orElse(id));
  }

  private static Refused unknown(String name) {
    return Refused.notFound(
        "key_pair_not_found", "KeyName", "The key pair '" + Text.shown(name) + "' does not exist");
  }
}
