package brume.contract;

/// Why a VM ended. It decides whether the instance is started again by itself.
public enum EndCause {
  /// The node did what the intent asked for.
  REQUESTED(false),
  /// The guest powered itself off: the same as a user's STOP.
  GUEST_POWEROFF(false),
  /// The guest or its image can't run: not a kernel, a machine fault, a limit broken.
  GUEST_FAILURE(false),
  /// The node had no real memory left for it.
  NODE_REFUSED(true),
  /// The node could not get the image.
  IMAGE_UNAVAILABLE(true),
  /// The agent restarted and its VMs ended with it.
  NODE_RESTARTED(true),
  /// The node's lease ran out.
  NODE_LOST(true);

  private final boolean restartable;

  EndCause(boolean restartable) {
    this.restartable = restartable;
  }

  /// True when the fault was the platform's, so that an instance whose intent is RUN starts again.
  public boolean isRestartable() {
    return restartable;
  }
}
