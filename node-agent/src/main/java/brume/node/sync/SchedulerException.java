package brume.node.sync;

/// Why an exchange with the scheduler came to nothing.
final class SchedulerException extends Exception {
  /// What follows from it.
  enum Kind {
    /// It was not reached, or could not answer: the next try may succeed.
    AWAY,
    /// It understood and said no: only a person can change that.
    REFUSED,
    /// A newer report of this node overtook this one on the way: nothing is wrong.
    OVERTAKEN
  }

  private final Kind kind;

  SchedulerException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  static SchedulerException away(String message) {
    return new SchedulerException(Kind.AWAY, message);
  }

  Kind kind() {
    return kind;
  }
}
