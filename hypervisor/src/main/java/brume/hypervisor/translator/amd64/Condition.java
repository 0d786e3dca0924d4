package brume.hypervisor.translator.amd64;

/// What a conditional jump, set or move asks the flags: the low four bits of its opcode.
enum Condition {
  OVERFLOW,
  NO_OVERFLOW,
  BELOW,
  NOT_BELOW,
  EQUAL,
  NOT_EQUAL,
  NOT_ABOVE,
  ABOVE,
  NEGATIVE,
  NOT_NEGATIVE,
  UNORDERED,
  ORDERED,
  LESS,
  NOT_LESS,
  NOT_GREATER,
  GREATER;

  int code() {
    return ordinal();
  }

  /// True whenever this is false.
  Condition opposite() {
    return values()[ordinal() ^ 1];
  }
}
