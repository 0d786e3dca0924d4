package brume.hypervisor.instructions;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.reference.Machine;
import brume.hypervisor.reference.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each row of `rv64c.txt`: the halfword does what its 32-bit form does, or is illegal.
class CompressedTest {
  private static final long AT = Probe.CODE;

  @ParameterizedTest
  @EnumSource
  void everyRowHolds(Machine.Kind kind) {
    List<String> wrong = new ArrayList<>();
    try (Probe probe = new Probe(kind)) {
      for (InstructionRow row : InstructionRow.read("rv64c")) {
        int half = Integer.parseInt(row.name(), 16);
        String expansion = row.out().getFirst();
        List<Long> byHalf = state(probe, new Program(AT).compressed(half), 2);
        if (expansion.equals("illegal")) {
          if (!probe.outcome().equals("2 %x -> M".formatted(half))) {
            wrong.add(row.name() + " should be illegal: " + probe.outcome());
          }
          continue;
        }
        int word = Integer.parseUnsignedInt(expansion, 16);
        List<Long> byWord = state(probe, new Program(AT).add(word), 4);
        if (!byHalf.equals(byWord)) {
          wrong.add("%s differs from %s: %s, %s".formatted(row.name(), expansion, byHalf, byWord));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /// Registers, what memory holds, and where it goes on; a link or next address counts from the end
  /// of the instruction. Every register points to memory of its own.
  private static List<Long> state(Probe probe, Program program, int length) {
    probe.restart();
    Machine machine = probe.machine;
    for (int i = 0; i < 32; i++) {
      machine.setX(i, Probe.DATA + 0x400 * i);
      machine.setF(i, 0x1111_0000_0000_0000L + i);
      for (int offset = -0x200; offset < 0x200; offset += 8) {
        machine.store(Probe.DATA + 0x400 * i + offset, 8, i * 0x0123_4567_89abL + offset);
      }
    }
    machine.write(program);
    machine.setPc(AT);
    machine.attempt(1);
    List<Long> state = new ArrayList<>();
    state.add(machine.pc() == AT + length ? -1 : machine.pc());
    state.add(machine.csr(Probe.MCAUSE));
    for (int i = 0; i < 32; i++) {
      state.add(machine.x(i) == AT + length ? -1 : machine.x(i));
      state.add(machine.f(i));
    }
    byte[] ram = machine.ram();
    int from = Math.toIntExact(Probe.DATA - Machine.BASE) - 0x200;
    state.add((long) Arrays.hashCode(Arrays.copyOfRange(ram, from, from + 0x8400)));
    return state;
  }
}
