package brume.contract;

/// What the user last asked of an instance. [#TERMINATE] is absorbing: no other intent follows it.
public enum Intent {
  RUN,
  STOP,
  HIBERNATE,
  TERMINATE
}
