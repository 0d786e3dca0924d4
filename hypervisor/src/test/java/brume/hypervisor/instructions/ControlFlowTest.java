package brume.hypervisor.instructions;

import static brume.hypervisor.instructions.Probe.CODE;
import static brume.hypervisor.instructions.Probe.MACHINE;
import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.reference.Machine;
import brume.hypervisor.reference.Program;
import brume.hypervisor.reference.Rv;
import java.util.List;
import java.util.function.LongBinaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Branches, jumps, and fetching: unprivileged §2.5, and code that lies over two pages.
class ControlFlowTest {
  private static final long[] VALUES = {0, 1, -1, 5, Long.MAX_VALUE, Long.MIN_VALUE, 0xffff_ffffL};

  private static boolean taken(String name, long a, long b) {
    int signed = java.math.BigInteger.valueOf(a).compareTo(java.math.BigInteger.valueOf(b));
    boolean below = a + Long.MIN_VALUE < b + Long.MIN_VALUE;
    return switch (name) {
      case "beq" -> signed == 0;
      case "bne" -> signed != 0;
      case "blt" -> signed < 0;
      case "bge" -> signed >= 0;
      case "bltu" -> below;
      default -> !below;
    };
  }

  @ParameterizedTest
  @EnumSource
  void branches(Machine.Kind kind) {
    long at = CODE + 0x1000;
    try (Probe probe = new Probe(kind)) {
      for (String name : List.of("beq", "bne", "blt", "bge", "bltu", "bgeu")) {
        for (int offset : new int[] {-4096, -2, 6, 4094}) {
          for (long a : VALUES) {
            for (long b : VALUES) {
              probe.machine.setX(Rv.T0, a);
              probe.machine.setX(Rv.T1, b);
              probe.attempt(MACHINE, at, Rv.imm(name, Rv.T0, Rv.T1, offset));
              assertThat(probe.machine.pc())
                  .as("%s %x, %x, %d", name, a, b, offset)
                  .isEqualTo(at + (taken(name, a, b) ? offset : 4));
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void jumps(Machine.Kind kind) {
    long at = CODE + 0x1000;
    LongBinaryOperator target = (base, offset) -> (base + offset) & ~1L;
    try (Probe probe = new Probe(kind)) {
      for (int offset : new int[] {-1048576, -2, 2, 2048, 1048574}) {
        probe.attempt(MACHINE, at, Rv.imm("jal", Rv.RA, 0, offset));
        assertThat(probe.machine.pc()).isEqualTo(at + offset);
        assertThat(probe.machine.x(Rv.RA)).isEqualTo(at + 4);
      }
      for (int offset : new int[] {-2048, -1, 0, 1, 2047}) {
        probe.machine.setX(Rv.T0, CODE + 0x2001);
        probe.attempt(MACHINE, at, Rv.imm("jalr", Rv.RA, Rv.T0, offset));
        assertThat(probe.machine.pc()).isEqualTo(target.applyAsLong(CODE + 0x2001, offset));
        probe.machine.setX(Rv.RA, CODE + 0x2000);
        probe.attempt(MACHINE, at, Rv.imm("jalr", Rv.RA, Rv.RA, offset));
        assertThat(probe.machine.pc()).isEqualTo(target.applyAsLong(CODE + 0x2000, offset));
        assertThat(probe.machine.x(Rv.RA)).isEqualTo(at + 4);
      }
    }
  }

  /// A loop, so that what is remembered of decoded code runs more than once.
  @ParameterizedTest
  @EnumSource
  void loopAcrossPages(Machine.Kind kind) {
    long at = CODE + 0x1000 - 6;
    try (Probe probe = new Probe(kind)) {
      Program loop = new Program(at);
      loop.imm("addi", Rv.A0, Rv.A0, 3);
      loop.imm("addi", Rv.A1, Rv.A1, -1);
      loop.imm("bne", Rv.A1, 0, -8);
      probe.machine.setX(Rv.A0, 0);
      probe.machine.setX(Rv.A1, 1000);
      probe.machine.execute(loop);
      assertThat(probe.machine.x(Rv.A0)).isEqualTo(3000);
    }
  }

  /// The second half of an instruction is fetched with the right of its own page.
  @ParameterizedTest
  @EnumSource
  void fetchAcrossPages(Machine.Kind kind) {
    try (Probe probe = new Probe(kind);
        PagedProbe paged = new PagedProbe(probe, 3)) {
      long first = PagedProbe.WINDOW;
      long at = first + 0xffe;
      int addi = Rv.imm("addi", Rv.A0, 0, 42);
      long lowPage = Probe.DATA;
      long highPage = Probe.DATA + 0x5000;
      probe.machine.store(lowPage + 0xffe, 2, addi & 0xffff);
      probe.machine.write(highPage, new byte[] {(byte) (addi >> 16), (byte) (addi >> 24)});

      paged.map(0, lowPage, "VRXAD");
      paged.map(1, highPage, "VRXAD");
      assertThat(paged.run(Probe.SUPERVISOR, at)).isEqualTo("ok");
      assertThat(probe.machine.x(Rv.A0)).isEqualTo(42);
      assertThat(probe.machine.pc()).isEqualTo(at + 4);

      // Another page behind it is another instruction.
      int other = Rv.imm("addi", Rv.A0, 0, 43);
      probe.machine.write(
          highPage + 0x1000, new byte[] {(byte) (other >> 16), (byte) (other >> 24)});
      paged.map(1, highPage + 0x1000, "VRXAD");
      assertThat(paged.run(Probe.SUPERVISOR, at)).isEqualTo("ok");
      assertThat(probe.machine.x(Rv.A0)).isEqualTo(43);

      paged.map(1, highPage, "VRAD");
      assertThat(paged.run(Probe.SUPERVISOR, at)).isEqualTo("c 40001000 -> M");
      paged.map(1, 0x1000, "VRXAD");
      assertThat(paged.run(Probe.SUPERVISOR, at)).isEqualTo("1 40001000 -> M");
      paged.map(0, lowPage, "VRAD");
      assertThat(paged.run(Probe.SUPERVISOR, at)).isEqualTo("c 40000ffe -> M");
    }
  }

  /// Code that writes code, and `fence.i`.
  @ParameterizedTest
  @EnumSource
  void selfModifyingCode(Machine.Kind kind) {
    try (Probe probe = new Probe(kind)) {
      Machine machine = probe.machine;
      Program program = new Program(CODE);
      program.imm("addi", Rv.A0, Rv.A0, 1);
      program.imm("addi", Rv.A2, Rv.A2, -1);
      program.imm("sw", Rv.A1, Rv.A3, 0);
      program.add(Rv.FENCE_I);
      program.imm("bne", Rv.A2, 0, -16);
      machine.setX(Rv.A0, 0);
      machine.setX(Rv.A1, Rv.imm("addi", Rv.A0, Rv.A0, 100));
      machine.setX(Rv.A2, 3);
      machine.setX(Rv.A3, CODE);
      machine.execute(program);
      assertThat(machine.x(Rv.A0)).isEqualTo(1 + 100 + 100);
    }
  }
}
