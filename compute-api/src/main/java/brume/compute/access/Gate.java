package brume.compute.access;

import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import java.util.Locale;
import org.springframework.stereotype.Component;

/// What every request passes once it is known who asks, whichever door it came to: the account's
/// rate, and whether the caller may do such a thing at all.
@Component
public class Gate {
  private final TokenBuckets rates = new TokenBuckets(System::nanoTime);
  private final CredentialUse use;

  Gate(CredentialUse use) {
    this.use = use;
  }

  /// Throws a refusal where the request must go no further.
  public void pass(Principal principal, Action action) {
    use.note(principal.id());
    int most = principal.rules().requestsPerSecondMax();
    double wait = rates.take(principal.accountId(), most);
    if (wait > 0) {
      int seconds = (int) Math.ceil(wait);
      throw new Refused(
          new Refusal.Busy(
              "rate_limited",
              String.format(
                  Locale.ROOT,
                  "the account may make %d requests in a second, over all its credentials: ask"
                      + " again in %d s, or ask the cloud's operator for a higher quota",
                  most,
                  seconds),
              seconds));
    }
    Authorization.require(principal, action);
  }
}
