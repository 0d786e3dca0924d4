package brume.hypervisor.translator.amd64;

import static brume.hypervisor.translator.amd64.RegionEmitter.BIAS;
import static brume.hypervisor.translator.amd64.RegionEmitter.BLOCK;
import static brume.hypervisor.translator.amd64.RegionEmitter.C;

import brume.hypervisor.cpu.TranslatedCode;

/// The guest's integer registers, in the host's where they have a home there, else in the hart's
/// block.
///
/// Instructions on 32 bits extend their sign over the upper half. That half is made when something
/// looks at it, or the block ends: until then the register is *narrow*, and what is next written to
/// it may come before. A *word* is a value that has such an upper half, made or not; logic on two
/// words is done on their lower halves.
final class IntegerRegisters {
  private final Assembler code;
  private final RegisterHomes homes;
  private int narrow;
  private int words;

  IntegerRegisters(Assembler code, RegisterHomes homes) {
    this.code = code;
    this.homes = homes;
  }

  /// Nothing is known but what lies in a home or in the block.
  void startBlock() {
    narrow = 0;
    words = 1;
  }

  /// Where a register has its place in the block, from RBX on.
  static int place(int register) {
    return TranslatedCode.X + 8 * register - BIAS;
  }

  /// The host's register that holds a guest's; it is read into `scratch` if need be. Its upper half
  /// is right if [#widen] was asked for it.
  int use(int register, int scratch) {
    if (register == 0) {
      code.constant(scratch, 0);
      return scratch;
    }
    int home = homes.integer(register);
    if (home == RegisterHomes.NONE) {
      code.rm(true, Assembler.MOV, scratch, BLOCK, place(register));
      return scratch;
    }
    return home;
  }

  /// As [#use], in a register that may be changed.
  int copy(int register, int scratch) {
    code.move(scratch, use(register, scratch));
    return scratch;
  }

  /// The lower half; the upper one of the scratch register is not to be used.
  void copyWord(int register, int scratch) {
    int host = use(register, scratch);
    if (host != scratch) {
      code.rr(false, Assembler.MOV, scratch, host);
    }
  }

  /// The host's register in which a guest's is to be made. [#done] or [#doneWord] must follow.
  int target(int register, int scratch) {
    int home = homes.integer(register);
    return home == RegisterHomes.NONE ? scratch : home;
  }

  void done(int register, int host) {
    int home = homes.integer(register);
    if (home == RegisterHomes.NONE) {
      code.rm(true, Assembler.STORE, host, BLOCK, place(register));
    } else {
      code.move(home, host);
    }
    narrow &= ~(1 << register);
    words &= ~(1 << register);
  }

  /// As [#done], where the lower half is all that was made.
  void doneWord(int register, int host) {
    if (homes.integer(register) == RegisterHomes.NONE) {
      code.rr(true, Assembler.MOVSXD, host, host);
      done(register, host);
    } else {
      done(register, host);
      narrow |= 1 << register;
    }
    words |= 1 << register;
  }

  /// What was made of a register last is a word.
  void knowWord(int register) {
    words |= 1 << register;
  }

  boolean isWord(int register) {
    return (words >>> register & 1) != 0;
  }

  int narrow() {
    return narrow;
  }

  /// Makes upper halves, of a set of registers.
  void widen(int set) {
    extend(narrow & set);
    narrow &= ~set;
  }

  /// On a way out: of registers that were narrow where it begins.
  void extend(int set) {
    for (int left = set; left != 0; left &= left - 1) {
      int home = homes.integer(Integer.numberOfTrailingZeros(left));
      code.rr(true, Assembler.MOVSXD, home, home);
    }
  }

  /// `host = host OP register`.
  void apply(boolean wide, int opcode, int host, int register) {
    int home = homes.integer(register);
    if (register == 0) {
      code.constant(C, 0);
      code.rr(wide, opcode, host, C);
    } else if (home == RegisterHomes.NONE) {
      code.rm(wide, opcode, host, BLOCK, place(register));
    } else {
      code.rr(wide, opcode, host, home);
    }
  }

  /// Sets the flags by two registers.
  void compare(boolean wide, int register, int other) {
    int host = use(register, RegionEmitter.A);
    if (other == 0) {
      code.rr(wide, Assembler.TEST, host, host);
    } else {
      apply(wide, Assembler.CMP, host, other);
    }
  }
}
