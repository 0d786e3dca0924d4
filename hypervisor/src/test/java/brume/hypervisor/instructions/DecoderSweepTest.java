package brume.hypervisor.instructions;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.reference.Machine;
import brume.hypervisor.reference.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/// What is an instruction and what is not: every halfword, and random words of every major opcode,
/// must have the same effect on the hart and on the reference.
class DecoderSweepTest {
  private static final long SEED = Long.getLong("brume.test.seed", 5L);
  private static final int WORDS_PER_OPCODE = Integer.getInteger("brume.test.decoder.words", 2_500);
  private static final int BATCH = 256;

  private final Probe hart = new Probe(Machine.Kind.HART);
  private final Probe reference = new Probe(Machine.Kind.REFERENCE);
  private final List<String> wrong = new ArrayList<>();

  @Test
  void everyHalfword() {
    List<Integer> halves = new ArrayList<>();
    for (int half = 0; half < 0x1_0000; half++) {
      if ((half & 3) != 3) {
        halves.add(half);
      }
    }
    sweep(halves);
  }

  @Test
  void randomWordsOfEveryOpcode() {
    System.out.println("DecoderSweepTest seed " + SEED);
    SplittableRandom random = new SplittableRandom(SEED);
    IntPredicate excluded = word -> (word & 0x7f) == 0x73 && touchesLockable(word);
    List<Integer> words = new ArrayList<>();
    for (int opcode = 3; opcode < 128; opcode += 4) {
      for (int i = 0; i < WORDS_PER_OPCODE; i++) {
        int word = (random.nextInt() & ~0x7f) | opcode;
        if (random.nextBoolean()) {
          // Close to what is assigned: few funct7 and rs2 bits set.
          int fewBits = random.nextInt() & random.nextInt(1 << 31, Integer.MAX_VALUE);
          word &= fewBits | 0x01ff_ff7f;
        }
        if (!excluded.test(word)) {
          words.add(word);
        }
      }
    }
    sweep(words);
  }

  /// Waiting, counting, and protection that stays until reset are for tests of their own.
  private static boolean touchesLockable(int word) {
    int number = word >>> 20;
    boolean csr = (word >> 12 & 3) != 0;
    boolean counts = (number & 0xffd) == 0xb00 || (number & 0xffd) == 0xc00;
    return (csr && (counts || (number >= 0x3a0 && number < 0x3f0))) || word == 0x1050_0073;
  }

  private void sweep(List<Integer> words) {
    for (int from = 0; from < words.size(); from += BATCH) {
      List<Integer> batch = words.subList(from, Math.min(from + BATCH, words.size()));
      Program program = new Program(Probe.CODE);
      batch.forEach(program::add);
      hart.restart().machine.write(program);
      reference.restart().machine.write(program);
      for (int i = 0; i < batch.size(); i++) {
        compare(batch.get(i), Probe.CODE + 4 * i);
      }
    }
    hart.close();
    assertThat(wrong).as("seed %d", SEED).isEmpty();
  }

  private void compare(int word, long at) {
    String actual = run(hart, at);
    String expected = run(reference, at);
    if (!actual.equals(expected) && wrong.size() < 20) {
      wrong.add("%08x: hart %s, reference %s".formatted(word, actual, expected));
    }
  }

  private static String run(Probe probe, long at) {
    Machine machine = probe.machine;
    machine.setPrivilege(Probe.MACHINE);
    machine.setCsr(Probe.MSTATUS, Probe.FLOAT_ON);
    machine.setCsr(Probe.FCSR, 0);
    machine.setCsr(Probe.MTVEC, Probe.MACHINE_HANDLER);
    machine.setCsr(Probe.MIE, 0);
    machine.setCsr(Probe.SATP, 0);
    for (int i = 1; i < 32; i++) {
      machine.setX(i, Probe.DATA + 8 * i);
      machine.setF(i, 0x4000_0000_0000_0000L + ((long) i << 44));
    }
    machine.setPc(at);
    machine.attempt(1);
    StringBuilder state = new StringBuilder(probe.outcome(at));
    state.append(" pc ").append(Long.toHexString(machine.pc() - at));
    for (int i = 0; i < 32; i++) {
      if (machine.x(i) != (i == 0 ? 0 : Probe.DATA + 8 * i)) {
        state.append(" x%d=%x".formatted(i, machine.x(i)));
      }
      state.append(
          i > 0 && machine.f(i) != 0x4000_0000_0000_0000L + ((long) i << 44)
              ? " f%d=%x".formatted(i, machine.f(i))
              : "");
    }
    return state.append(" flags ").append(machine.csr(Probe.FCSR)).toString();
  }
}
