package brume.compute.access;

/// The least that an operation asks of its caller. The first three are roles in the account;
/// CLOUD_OPERATOR stands apart from them: it is about the cloud and not about any account.
public enum Right {
  READER,
  OPERATOR,
  OWNER,
  CLOUD_OPERATOR;

  public boolean isHeldBy(Principal principal) {
    return switch (this) {
      case READER -> true;
      case OPERATOR -> principal.role().compareTo(Role.OPERATOR) >= 0;
      case OWNER -> principal.role() == Role.OWNER;
      case CLOUD_OPERATOR -> principal.cloudOperator();
    };
  }
}
