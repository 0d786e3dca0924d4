package brume.compute.session;

import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Counts wrong tokens by the address they come from. A token can't be guessed; this keeps who
/// tries from taking time of the database, and from doing it unseen. Right ones are not counted.
final class SignInTries {
  static final int WRONG_MAX = 10;
  static final int SECONDS_FOR_ONE = 6;
  static final int ADDRESSES_MAX = 10_000;

  private static final long NANOS_FOR_ONE = SECONDS_FOR_ONE * 1_000_000_000L;

  /// When each address will have none against it, as if each wrong token took its time in a queue.
  private final Map<String, Long> clearAt = new HashMap<>();

  private final LongSupplier nanos;

  /// @param nanos a clock that only goes forward
  SignInTries(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /// Throws a refusal where the address has sent too many.
  synchronized void requireRoom(String address) {
    long now = nanos.getAsLong();
    Long clear = clearAt.get(address);
    long over = clear == null ? 0 : clear - now - (WRONG_MAX - 1) * NANOS_FOR_ONE;
    if (over > 0) {
      int seconds = (int) Math.ceilDiv(over, 1_000_000_000L);
      throw new Refused(
          new Refusal.Busy(
              "too_many_tries",
              WRONG_MAX
                  + " wrong tokens came from this address, and one more may come each "
                  + SECONDS_FOR_ONE
                  + " s: try again in "
                  + seconds
                  + " s",
              seconds));
    }
  }

  synchronized void wrong(String address) {
    long now = nanos.getAsLong();
    if (clearAt.size() >= ADDRESSES_MAX) {
      clearAt.values().removeIf(clear -> clear - now <= 0);
    }
    if (clearAt.size() < ADDRESSES_MAX || clearAt.containsKey(address)) {
      clearAt.merge(
          address, now + NANOS_FOR_ONE, (clear, one) -> Math.max(clear + NANOS_FOR_ONE, one));
    }
  }
}
