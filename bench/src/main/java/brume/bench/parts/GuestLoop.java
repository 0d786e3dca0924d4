package brume.bench.parts;

import java.util.ArrayList;
import java.util.List;

/// Endless loops of guest code, each of which leans on one part of a hart. Register a1 holds the
/// start of a data area, a2 its end.
public enum GuestLoop {
  /// Eight dependent additions and exclusive ors.
  ARITHMETIC {
    @Override
    void body(Assembler code) {
      for (int i = 0; i < 4; i++) {
        code.add(T0, T0, T1).xor(T1, T1, T0);
      }
    }
  },

  /// A branch that is taken every other time, as a xorshift generator says.
  BRANCHES {
    @Override
    void body(Assembler code) {
      code.shiftLeft(T1, T0, 13).xor(T0, T0, T1);
      code.shiftRight(T1, T0, 7).xor(T0, T0, T1);
      code.shiftLeft(T1, T0, 17).xor(T0, T0, T1);
      code.shiftRight(T1, T0, 63);
      code.branchIfZero(T1, 8).addImmediate(T2, T2, 1);
    }
  },

  /// Four calls through a register, of a function that returns at once.
  CALLS {
    @Override
    void body(Assembler code) {
      code.addUpperToPc(T0, 0).jump(8).ret();
      code.addImmediate(T0, T0, 8);
      for (int i = 0; i < 4; i++) {
        code.call(T0);
      }
    }
  },

  /// Eight loads of one page.
  LOADS_HIT {
    @Override
    void body(Assembler code) {
      for (int i = 0; i < 8; i++) {
        code.load(T0, A1, i * 64);
      }
    }
  },

  /// One load of each page of an area with more pages than a translation buffer holds.
  LOADS_MISS {
    @Override
    void body(Assembler code) {
      code.loadUpper(T1, 1);
      code.addRegister(T2, A1);
      int loop = code.position();
      code.load(T0, T2, 0).add(T2, T2, T1);
      code.branchIfLess(T2, A2, loop - code.position());
    }
  };
  static final int T0 = 5, T1 = 6, T2 = 7, A1 = 11, A2 = 12;

  abstract void body(Assembler code);

  /// The loop, position independent.
  List<Integer> code() {
    Assembler code = new Assembler();
    body(code);
    code.jump(-code.position());
    return List.copyOf(code.words);
  }

  /// As much of an assembler as the loops need (RISC-V unprivileged specification, chapter 2).
  static final class Assembler {
    private final List<Integer> words = new ArrayList<>();

    int position() {
      return 4 * words.size();
    }

    int first() {
      return words.getFirst();
    }

    private Assembler word(int bits) {
      words.add(bits);
      return this;
    }

    private Assembler immediate(int opcode, int funct3, int to, int from, int value) {
      return word(value << 20 | from << 15 | funct3 << 12 | to << 7 | opcode);
    }

    Assembler add(int to, int a, int b) {
      return word(b << 20 | a << 15 | to << 7 | 0x33);
    }

    Assembler xor(int to, int a, int b) {
      return word(b << 20 | a << 15 | 4 << 12 | to << 7 | 0x33);
    }

    Assembler addRegister(int to, int from) {
      return add(to, from, 0);
    }

    Assembler addImmediate(int to, int from, int value) {
      return immediate(0x13, 0, to, from, value);
    }

    Assembler shiftLeft(int to, int from, int by) {
      return immediate(0x13, 1, to, from, by);
    }

    Assembler shiftRight(int to, int from, int by) {
      return immediate(0x13, 5, to, from, by);
    }

    Assembler load(int to, int base, int offset) {
      return immediate(0x03, 3, to, base, offset);
    }

    Assembler loadUpper(int to, int value) {
      return word(value << 12 | to << 7 | 0x37);
    }

    Assembler addUpperToPc(int to, int value) {
      return word(value << 12 | to << 7 | 0x17);
    }

    Assembler call(int register) {
      return immediate(0x67, 0, 1, register, 0);
    }

    Assembler ret() {
      return immediate(0x67, 0, 0, 1, 0);
    }

    Assembler branchIfZero(int register, int distance) {
      return branch(0, register, 0, distance);
    }

    Assembler branchIfLess(int a, int b, int distance) {
      return branch(6, a, b, distance);
    }

    private Assembler branch(int funct3, int a, int b, int distance) {
      int high = ((distance >> 12) & 1) << 6 | ((distance >> 5) & 63);
      int low = ((distance >> 1) & 15) << 1 | ((distance >> 11) & 1);
      return word(high << 25 | b << 20 | a << 15 | funct3 << 12 | low << 7 | 0x63);
    }

    Assembler jump(int distance) {
      int bits =
          ((distance >> 20) & 1) << 19
              | ((distance >> 1) & 1023) << 9
              | ((distance >> 11) & 1) << 8
              | ((distance >> 12) & 255);
      return word(bits << 12 | 0x6f);
    }
  }
}
