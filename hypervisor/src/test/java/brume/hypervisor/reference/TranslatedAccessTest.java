package brume.hypervisor.reference;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.translator.DirectTranslator;
import brume.hypervisor.translator.TranslationKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Translated loads and stores at addresses where there is no memory, or its edge, beside the same
/// ones interpreted. What would go wrong here is a guest reading its host.
class TranslatedAccessTest {
  private static final long HANDLER = Machine.BASE;
  private static final long CODE = Machine.BASE + 0x1000;
  private static final long DATA = Machine.BASE + 0x2_0000;
  private static final int TURNS = 6;
  private static final int MANY_TURNS = 30_000;

  @ParameterizedTest
  @ValueSource(
      strings = {"lb", "lbu", "lh", "lhu", "lw", "lwu", "ld", "flw", "fld", "sb", "sh", "sw", "sd"})
  void edgesFaultAsInterpreted(String name) {
    List<Long> addresses = new ArrayList<>();
    for (long edge : new long[] {0, 1L << 31, 1L << 56, 1L << 63, DATA + 4096, endOfRam()}) {
      for (long distance = -17; distance <= 17; distance++) {
        addresses.add(edge + distance);
      }
    }
    for (long address : addresses) {
      String plain = outcome(name, address, new HartMachine());
      for (DirectTranslator translator : translators()) {
        String translated = outcome(name, address, new HartMachine(translator));
        assertThat(translated).as("%s at %x, %s", name, address, translator).isEqualTo(plain);
      }
    }
  }

  /// As above, by one instruction that had good memory of the same page before: what it learned
  /// there says nothing of an access that begins in the page below.
  @ParameterizedTest
  @ValueSource(strings = {"lh", "lhu", "lw", "lwu", "ld", "flw", "fld", "sh", "sw", "sd"})
  void edgesFaultWhereTheirPageIsKnown(String name) {
    for (long edge : new long[] {Machine.BASE, endOfRam()}) {
      long good = edge == Machine.BASE ? edge + 64 : edge - 64;
      for (long distance = -9; distance <= 9; distance++) {
        String plain = alternating(name, edge + distance, good, new HartMachine());
        for (DirectTranslator translator : translators()) {
          assertThat(alternating(name, edge + distance, good, new HartMachine(translator)))
              .as("%s at %x, %s", name, edge + distance, translator)
              .isEqualTo(plain);
        }
      }
    }
  }

  /// Accesses by one register that lie in two pages: translated code asks for them at once, and
  /// must learn that they are not.
  @Test
  void accessesOverTwoPagesAreAsInterpreted() {
    String plain = acrossPages(new HartMachine());
    for (DirectTranslator translator : translators()) {
      assertThat(acrossPages(new HartMachine(translator))).isEqualTo(plain);
    }
  }

  private static List<DirectTranslator> translators() {
    return Arrays.stream(TranslationKind.values())
        .filter(TranslationKind::isPossible)
        .map(kind -> new DirectTranslator(0, kind))
        .toList();
  }

  private static String acrossPages(HartMachine machine) {
    try (machine) {
      Program loop = new Program(CODE);
      loop.imm("ld", 5, 10, -8);
      loop.imm("ld", 6, 10, 8);
      loop.imm("sd", 6, 10, -16);
      loop.imm("addi", 6, 6, 3);
      loop.imm("sd", 6, 10, 8);
      loop.imm("addi", 7, 7, 1);
      machine.write(loop.imm("jal", 0, 0, -24));
      machine.setX(10, DATA + 4096);
      machine.setPc(CODE);
      machine.attempt(MANY_TURNS * 7);
      return "pc %x x5 %x x6 %x turns %d retired %d memory %x %x"
          .formatted(
              machine.pc(),
              machine.x(5),
              machine.x(6),
              machine.x(7),
              machine.retired(),
              machine.load(DATA + 4096 - 16, 8),
              machine.load(DATA + 4096 + 8, 8));
    }
  }

  private static long endOfRam() {
    return Machine.BASE + Machine.RAM_BYTES;
  }

  /// A loop that touches good memory and the address in turn, by one instruction.
  private static String alternating(String name, long address, long good, HartMachine machine) {
    try (machine) {
      Program loop = new Program(CODE);
      loop.imm(name, 5, 10, 0);
      loop.imm("addi", 12, 10, 0);
      loop.imm("addi", 10, 11, 0);
      loop.imm("addi", 11, 12, 0);
      loop.imm("addi", 6, 6, 1);
      machine.write(loop.imm("jal", 0, 0, -20));
      return ran(machine, good, address);
    }
  }

  /// A loop that first touches the address itself, then good memory, then the address again.
  private static String outcome(String name, long address, HartMachine machine) {
    try (machine) {
      Program loop = new Program(CODE);
      for (int register : new int[] {10, 11, 10}) {
        loop.imm(name, 5, register, 0);
        loop.imm("addi", 6, 6, 1);
      }
      machine.write(loop.imm("jal", 0, 0, -24));
      return ran(machine, address, DATA);
    }
  }

  /// What came of the loop at CODE, with a handler that goes on behind what faulted.
  private static String ran(HartMachine machine, long first, long second) {
    Program handler = new Program(HANDLER);
    handler.imm("addi", 30, 30, 1);
    handler.imm("csrrs", 31, 0, 0x341);
    handler.imm("addi", 31, 31, 4);
    handler.imm("csrrw", 0, 31, 0x341);
    machine.write(handler.add(Rv.MRET));
    machine.setCsr(0x305, HANDLER);
    machine.setCsr(0x300, 0x6000);
    machine.setX(5, 0x1122_3344_5566_7788L);
    machine.setX(10, first);
    machine.setX(11, second);
    machine.setPc(CODE);
    machine.attempt(TURNS * 20);
    return "pc %x x5 %x f5 %x turns %d faults %d cause %d value %x retired %d"
        .formatted(
            machine.pc(),
            machine.x(5),
            machine.f(5),
            machine.x(6),
            machine.x(30),
            machine.csr(0x342),
            machine.csr(0x343),
            machine.retired());
  }
}
