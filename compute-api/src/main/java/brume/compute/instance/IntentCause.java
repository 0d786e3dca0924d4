package brume.compute.instance;

/// Whose wish an instance's intent is.
public enum IntentCause {
  USER,
  GUEST_POWEROFF,
  GUEST_FAILURE,
  /// The account's, which said that its limit stops what runs.
  SPENDING
}
