package brume.hypervisor.cpu;

/// One decoded instruction at one place of one physical page, linked to the instruction behind it.
/// Executing it changes the hart and answers the instruction to execute next; that is the whole
/// dispatch. It knows its place only within the page, as one physical page may be mapped at many
/// virtual addresses.
///
/// What looks like an instruction but is a step of the machine (decode, enter another page) gives
/// its credit back, so that a hart's counts are exact.
@SuppressWarnings("NullAway.Init") // The decoder links `next` before anyone executes.
abstract class Instruction {
  /// A register number for results that go nowhere (`rd` = x0), so that no write needs a test.
  static final int DISCARD = 32;

  Instruction next;
  final int raw;
  short offset;
  byte length;

  /// `raw`: the bits as fetched, 16 or 32 of them; for `mtval` of an illegal instruction.
  Instruction(int raw) {
    this.raw = raw;
  }

  abstract Instruction execute(Hart h);

  /// This instruction, without what counts and replaces it.
  Instruction plain() {
    return this;
  }

  final long pc(Hart h) {
    return h.pageBase + offset;
  }

  final Instruction illegal(Hart h) {
    return h.trap(this, Cause.ILLEGAL_INSTRUCTION, raw & 0xffff_ffffL);
  }

  /// Goes on behind this instruction through a new lookup, as what it did may have changed what the
  /// program counter leads to.
  final Instruction refetched(Hart h) {
    return h.jump(h.pageBase + offset + length);
  }

  static int rd(int bits) {
    int register = (bits >>> 7) & 31;
    return register == 0 ? DISCARD : register;
  }

  static int rs1(int bits) {
    return (bits >>> 15) & 31;
  }

  static int rs2(int bits) {
    return (bits >>> 20) & 31;
  }

  static int immediateI(int bits) {
    return bits >> 20;
  }

  static int immediateS(int bits) {
    return (bits >> 25 << 5) | ((bits >>> 7) & 31);
  }

  static int immediateB(int bits) {
    return (bits >> 31 << 12)
        | ((bits >>> 7 & 1) << 11)
        | ((bits >>> 25 & 0x3f) << 5)
        | ((bits >>> 8 & 0xf) << 1);
  }

  static int immediateJ(int bits) {
    return (bits >> 31 << 20)
        | (bits & 0xff000)
        | ((bits >>> 20 & 1) << 11)
        | ((bits >>> 21 & 0x3ff) << 1);
  }
}
