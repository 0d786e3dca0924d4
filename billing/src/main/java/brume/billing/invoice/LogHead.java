package brume.billing.invoice;

import org.jspecify.annotations.Nullable;

/// How far the meter has read the logs.
///
/// @param seq of the scheduler's log
/// @param chain the head of the chain of digests there, in hex; null before anything was read
/// @param resourcesSeq of the log of storage, addresses and traffic
/// @param resourcesChain the head of its chain; null where there is nothing in it
record LogHead(
    long seq, @Nullable String chain, long resourcesSeq, @Nullable String resourcesChain) {
  private static final String EMPTY = "0".repeat(64);

  /// The scheduler's chain; that of an empty log where nothing was read yet.
  String requireChain() {
    return chain == null ? EMPTY : chain;
  }

  boolean isBefore(UsageAudit.Through other) {
    return seq < other.seq() || resourcesSeq < other.resourcesSeq();
  }
}
