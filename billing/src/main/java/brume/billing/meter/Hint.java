package brume.billing.meter;

import java.time.Duration;

/// Something that says it may be worth looking sooner. It may be silent or wrong; nothing depends
/// on it but how soon.
public interface Hint extends AutoCloseable {
  /// Returns when a hint comes, or after `most`.
  void await(Duration most) throws InterruptedException;

  @Override
  void close();
}
