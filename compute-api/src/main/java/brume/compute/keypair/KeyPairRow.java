package brume.compute.keypair;

import java.time.Instant;
import java.util.Map;

/// A key pair's public half.
///
/// @param type `rsa` or `ed25519`
/// @param publicKey as in OpenSSH's `authorized_keys`
public record KeyPairRow(
    String id,
    String accountId,
    String region,
    String name,
    String type,
    String fingerprint,
    String publicKey,
    Instant createdAt) {

  /// With its tags.
  public record Tagged(KeyPairRow key, Map<String, String> tags) {}
}
