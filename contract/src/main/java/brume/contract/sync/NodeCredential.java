package brume.contract.sync;

/// What a node that joined proves itself with: `Authorization: Bearer <secret>` on each sync. Shown
/// once; the scheduler keeps a digest.
public record NodeCredential(String nodeId, String secret) {}
