package brume.compute.instance;

/// Whose wish an instance's intent is.
public enum IntentCause {
  USER,
  GUEST_POWEROFF,
  GUEST_FAILURE
}
