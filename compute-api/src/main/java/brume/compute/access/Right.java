package brume.compute.access;

/// The least that an action asks of its caller. The first four are roles in the account, each
/// holding the rights of those before it; CLOUD_OPERATOR stands apart from them: it is about the
/// cloud and not about any account. ANYBODY and CREDENTIAL are about who asks and nothing else, so
/// neither scopes nor a suspension bind them.
public enum Right {
  BILLING,
  READER,
  OPERATOR,
  OWNER,
  CLOUD_OPERATOR,
  /// Nobody is asked who they are: to sign in and out.
  ANYBODY,
  /// Any credential that holds.
  CREDENTIAL;

  public boolean isHeldBy(Principal principal) {
    return switch (this) {
      case BILLING, ANYBODY, CREDENTIAL -> true;
      case READER -> principal.role().compareTo(Role.READER) >= 0;
      case OPERATOR -> principal.role().compareTo(Role.OPERATOR) >= 0;
      case OWNER -> principal.role() == Role.OWNER;
      case CLOUD_OPERATOR -> principal.cloudOperator();
    };
  }

  boolean isBoundByTheAccount() {
    return this != ANYBODY && this != CREDENTIAL;
  }

  /// What mends policies must not be bound by them, and what is read of an account belongs to it.
  boolean isBoundByPolicies() {
    return this == READER || this == OPERATOR;
  }

  /// Whether what it allows leaves everything as it is.
  boolean onlyLooks() {
    return this == BILLING || this == READER;
  }
}
