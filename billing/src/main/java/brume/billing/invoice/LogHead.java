package brume.billing.invoice;

import org.jspecify.annotations.Nullable;

/// How far the meter has read the log.
///
/// @param chain the head of the chain of digests there, in hex; null before anything was read
record LogHead(long seq, @Nullable String chain) {
  String requireChain() {
    if (chain == null) {
      throw new IllegalStateException("the meter has not read the log yet");
    }
    return chain;
  }
}
