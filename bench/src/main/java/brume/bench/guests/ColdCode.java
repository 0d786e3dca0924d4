package brume.bench.guests;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Functions that are run once: straight arithmetic, loads, stores and short branches, made at
/// random from a fixed seed and worked out while they are made, so that their sum is known without
/// running them.
///
/// ```
/// file: count (32 bits), bytes of the whole file (32 bits), offset of each function (32 bits each),
///       functions, each (a0: sum, a1: 64 words of room) → a0: sum
/// ```
///
/// Instruction encodings: RISC-V unprivileged specification, chapters 2, 13 and 27.
final class ColdCode {
  static final int FUNCTIONS_MAX = 100_000;
  private static final long SEED = 2011;
  private static final int BODY = 48;
  private static final int ROOM_WORDS = 64;
  private static final int FUNCTION_BYTES_MAX = 4 * (5 * BODY + 32);
  private static final int SUM = 10, ROOM = 11;

  /// a0, a2 to a7, t0 to t2: what a function may use without saving it.
  private static final int[] WORK = {10, 12, 13, 14, 15, 16, 17, 5, 6, 7};

  private static final int OP = 0x33, OP_IMM = 0x13, LOAD = 0x03, STORE = 0x23, BRANCH = 0x63;
  private static final int RET = 0x8067;

  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
  private final long[] registers = new long[32];
  private final long[] room = new long[ROOM_WORDS];
  private final ByteBuffer out;

  /// What a taken branch jumps over is written but not worked out.
  private boolean dead;

  private ColdCode(int capacity) {
    out = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// The file for the guest, and what it has to give when all of it has run.
  static final class Program {
    private final byte[] file;
    private final long sum;

    private Program(byte[] file, long sum) {
      this.file = file;
      this.sum = sum;
    }

    byte[] file() {
      return file.clone();
    }

    long sum() {
      return sum;
    }
  }

  static Program of(int functions) {
    if (functions < 1 || functions > FUNCTIONS_MAX) {
      throw new IllegalArgumentException(
          "functions must be 1 to " + FUNCTIONS_MAX + ", not " + functions);
    }
    int head = 8 + 4 * functions;
    ColdCode code = new ColdCode(head + functions * FUNCTION_BYTES_MAX);
    return code.make(functions, head);
  }

  private Program make(int functions, int head) {
    for (int i = 0; i < ROOM_WORDS; i++) {
      room[i] = i;
    }
    registers[SUM] = 1;
    out.position(head);
    for (int i = 0; i < functions; i++) {
      out.putInt(8 + 4 * i, out.position());
      function();
    }
    out.putInt(0, functions).putInt(4, out.position());
    byte[] file = new byte[out.position()];
    out.get(0, file);
    return new Program(file, registers[SUM]);
  }

  private void function() {
    for (int register : WORK) {
      if (register != SUM) {
        load(register);
      }
    }
    for (int i = 0; i < BODY; i++) {
      instruction();
    }
    for (int register : WORK) {
      if (register != SUM) {
        arithmetic(0, 4, SUM, SUM, register);
      }
    }
    store(work());
    out.putInt(RET);
  }

  private int work() {
    return WORK[random.nextInt(WORK.length)];
  }

  private void instruction() {
    switch (random.nextInt(16)) {
      case 0, 1, 2 -> arithmetic(0, 0, work(), work(), work());
      case 3 -> arithmetic(0x20, 0, work(), work(), work());
      case 4 -> arithmetic(0, 4, work(), work(), work());
      case 5 -> arithmetic(1, 0, work(), work(), work());
      case 6 -> arithmetic(0, 3, work(), work(), work());
      case 7, 8 -> addImmediate(work(), work(), random.nextInt(-2048, 2048));
      case 9 -> shift(work(), work(), 1 + random.nextInt(63));
      case 10, 11 -> load(work());
      case 12 -> store(work());
      case 13 -> compressedAdd(work(), work());
      case 14 -> compressedMove(work(), work());
      default -> branch(work(), work(), 1 + random.nextInt(4));
    }
  }

  private void set(int register, long value) {
    if (!dead) {
      registers[register] = value;
    }
  }

  /// Of OP: add, sub, mul, xor, sltu.
  private void arithmetic(int funct7, int funct3, int to, int a, int b) {
    out.putInt(funct7 << 25 | b << 20 | a << 15 | funct3 << 12 | to << 7 | OP);
    long x = registers[a];
    long y = registers[b];
    set(
        to,
        switch (funct3) {
          case 0 -> funct7 == 0x20 ? x - y : (funct7 == 1 ? x * y : x + y);
          case 3 -> Long.compareUnsigned(x, y) < 0 ? 1 : 0;
          default -> x ^ y;
        });
  }

  private void addImmediate(int to, int a, int immediate) {
    out.putInt(immediate << 20 | a << 15 | to << 7 | OP_IMM);
    set(to, registers[a] + immediate);
  }

  /// srli
  private void shift(int to, int a, int by) {
    out.putInt(by << 20 | a << 15 | 5 << 12 | to << 7 | OP_IMM);
    set(to, registers[a] >>> by);
  }

  private void load(int to) {
    int word = random.nextInt(ROOM_WORDS);
    out.putInt((word * 8) << 20 | ROOM << 15 | 3 << 12 | to << 7 | LOAD);
    set(to, room[word]);
  }

  private void store(int from) {
    int word = random.nextInt(ROOM_WORDS);
    int offset = word * 8;
    out.putInt(offset >> 5 << 25 | from << 20 | ROOM << 15 | 3 << 12 | (offset & 31) << 7 | STORE);
    if (!dead) {
      room[word] = registers[from];
    }
  }

  private void compressedAdd(int to, int a) {
    out.putShort((short) (0x9002 | to << 7 | a << 2));
    set(to, registers[to] + registers[a]);
  }

  private void compressedMove(int to, int a) {
    out.putShort((short) (0x8002 | to << 7 | a << 2));
    set(to, registers[a]);
  }

  /// bltu over some instructions, which are written first, as the distance is theirs.
  private void branch(int a, int b, int over) {
    int at = out.position();
    out.putInt(0);
    dead = Long.compareUnsigned(registers[a], registers[b]) < 0;
    for (int i = 0; i < over; i++) {
      addOrMove();
    }
    dead = false;
    int distance = out.position() - at;
    out.putInt(
        at,
        (distance >> 5 & 63) << 25 | b << 20 | a << 15 | 6 << 12 | (distance & 30) << 7 | BRANCH);
  }

  private void addOrMove() {
    if (random.nextBoolean()) {
      arithmetic(0, 0, work(), work(), work());
    } else {
      compressedMove(work(), work());
    }
  }
}
