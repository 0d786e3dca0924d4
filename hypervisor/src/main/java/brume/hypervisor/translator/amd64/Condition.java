package brume.hypervisor.translator.amd64;

/// What a conditional jump, set or move asks the flags.
enum Condition {
  OVERFLOW(0),
  NO_OVERFLOW(1),
  BELOW(2),
  NOT_BELOW(3),
  EQUAL(4),
  NOT_EQUAL(5),
  NOT_ABOVE(6),
  ABOVE(7),
  NEGATIVE(8),
  NOT_NEGATIVE(9),
  UNORDERED(10),
  ORDERED(11),
  LESS(12),
  NOT_LESS(13),
  NOT_GREATER(14),
  GREATER(15);

  private final int code;

  Condition(int code) {
    this.code = code;
  }

  /// The low four bits of its opcode; the lowest one turns it into its opposite.
  int code() {
    return code;
  }
}
