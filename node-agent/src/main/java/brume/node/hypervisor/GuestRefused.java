package brume.node.hypervisor;

import brume.contract.EndCause;

/// Why a guest could not be had. The message is for the user: it names what is wrong, and what
/// would be right.
public final class GuestRefused extends Exception {
  private final EndCause endCause;

  public GuestRefused(EndCause endCause, String message) {
    super(message);
    this.endCause = endCause;
  }

  public GuestRefused(EndCause endCause, String message, Throwable cause) {
    super(message, cause);
    this.endCause = endCause;
  }

  /// [EndCause#IMAGE_UNAVAILABLE], [EndCause#GUEST_FAILURE] or [EndCause#NODE_REFUSED].
  public EndCause endCause() {
    return endCause;
  }
}
