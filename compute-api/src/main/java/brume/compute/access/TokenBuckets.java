package brume.compute.access;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// Counts what comes in by account and says when one has had its share: a token bucket for each,
/// filled at its rate and holding one second's worth. Accounts that have been quiet for a second
/// have a full bucket, which need not be kept.
///
/// Each process counts for itself (docs/0013): with several of them behind one address an account
/// may ask so much more often in all.
public final class TokenBuckets {
  private static final int BUCKETS_MAX = 10_000;

  private final ConcurrentHashMap<String, Bucket> buckets = new ConcurrentHashMap<>();
  private final LongSupplier nanos;

  /// @param nanos a clock that only goes forward
  public TokenBuckets(LongSupplier nanos) {
    this.nanos = nanos;
  }

  private static final class Bucket {
    private double tokens;
    private long at;

    private Bucket(double tokens, long at) {
      this.tokens = tokens;
      this.at = at;
    }

    private synchronized double take(int perSecond, long now) {
      tokens = Math.min(perSecond, tokens + (now - at) / 1e9 * perSecond);
      at = now;
      if (tokens >= 1) {
        tokens--;
        return 0;
      }
      return (1 - tokens) / perSecond;
    }

    private synchronized boolean isQuiet(long now) {
      return now - at > 1_000_000_000L;
    }
  }

  /// @return 0, or how many seconds from now there will be room
  public double take(String account, int perSecond) {
    long now = nanos.getAsLong();
    if (buckets.size() >= BUCKETS_MAX) {
      buckets.values().removeIf(bucket -> bucket.isQuiet(now));
    }
    return buckets
        .computeIfAbsent(account, ignored -> new Bucket(perSecond, now))
        .take(perSecond, now);
  }
}
