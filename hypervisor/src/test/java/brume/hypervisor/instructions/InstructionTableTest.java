package brume.hypervisor.instructions;

import static brume.hypervisor.instructions.InstructionRow.hex;
import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.reference.Machine;
import brume.hypervisor.reference.Program;
import brume.hypervisor.reference.Rv;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every computing instruction with edge-case operands: the rows of `instructions/*.txt`, each run
/// with several choices of registers (all apart, destination equal to a source, and x0).
class InstructionTableTest {
  private static final long CODE = Machine.BASE + 0x1000;
  private static final long DATA = Machine.BASE + 0x8000;
  private static final int FCSR = 0x003, MSTATUS = 0x300;
  private static final String[] FLAGS = {"NX", "UF", "OF", "DZ", "NV"};

  /// rd, rs1, rs2, rs3.
  private static final int[][] REGISTERS = {{5, 6, 7, 28}, {6, 6, 7, 28}, {7, 6, 7, 28}};

  static Stream<Arguments> tables() {
    return InstructionRow.TABLES.stream()
        .flatMap(t -> Stream.of(Machine.Kind.values()).map(kind -> Arguments.of(t, kind)));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void everyRowHolds(String table, Machine.Kind kind) {
    List<String> wrong = new ArrayList<>();
    try (Machine machine = kind.machine()) {
      machine.setCsr(MSTATUS, 0x6000);
      long at = CODE;
      for (InstructionRow row : InstructionRow.read(table)) {
        for (int[] registers : REGISTERS) {
          long pc = row.name().equals("auipc") ? CODE : at;
          List<String> results = run(machine, row, registers, pc);
          if (!results.equals(row.out()) || machine.pc() != pc + 4) {
            wrong.add(
                "%s in x%d, x%d: %s, pc + %d"
                    .formatted(row, registers[0], registers[1], results, machine.pc() - pc));
          }
          at = CODE + (at + 4 - CODE) % 0x4000;
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static List<String> run(Machine machine, InstructionRow row, int[] registers, long pc) {
    machine.setCsr(FCSR, 0);
    boolean atomic = row.table().equals("rv64a");
    boolean floating = row.table().equals("rv64fd");
    int rd = registers[0];
    int word;
    char format = Rv.format(row.name());
    switch (format) {
      case 'I', 'H', 'W' -> {
        machine.setX(registers[1], hex(row.in().getFirst()));
        word = Rv.imm(row.name(), rd, registers[1], Integer.parseInt(row.in().get(1)));
      }
      case 'U' -> word = Rv.imm(row.name(), rd, 0, Integer.parseInt(row.in().getFirst()));
      default -> {
        for (int i = 0; i < row.in().size(); i++) {
          setOperand(machine, row, registers[i + 1], row.in().get(i), floating);
        }
        if (atomic) {
          machine.store(DATA, 8, hex(row.in().getFirst()));
          machine.setX(registers[1], DATA);
        }
        word = Rv.op(row.name(), registers);
      }
    }
    machine.write(new Program(pc).add(word));
    machine.setPc(pc);
    machine.run(1);
    List<String> results = new ArrayList<>();
    if (atomic) {
      results.add("%016x".formatted(machine.load(DATA, 8)));
    }
    results.add(floating ? floatResult(machine, row, rd) : "%016x".formatted(machine.x(rd)));
    for (int bit = 4; bit >= 0; bit--) {
      if ((machine.csr(FCSR) >> bit & 1) != 0) {
        results.add(FLAGS[bit]);
      }
    }
    return results;
  }

  private static boolean takesInteger(String name) {
    return name.matches("fcvt\\.[sd]\\.(w|wu|l|lu)|fmv\\.[wd]\\.x");
  }

  private static boolean givesInteger(String name) {
    return name.matches("fcvt\\.(w|wu|l|lu)\\..|fmv\\.x\\..|fclass.*|f(eq|lt|le)\\..");
  }

  private static void setOperand(
      Machine machine, InstructionRow row, int register, String digits, boolean floating) {
    if (floating && !takesInteger(row.name())) {
      machine.setF(register, digits.length() == 8 ? hex("ffffffff" + digits) : hex(digits));
    } else {
      machine.setX(register, hex(digits));
    }
  }

  /// Eight digits stand for a boxed single.
  private static String floatResult(Machine machine, InstructionRow row, int rd) {
    if (givesInteger(row.name())) {
      return "%016x".formatted(machine.x(rd));
    }
    String digits = "%016x".formatted(machine.f(rd));
    boolean boxed = digits.startsWith("ffffffff") && row.out().getFirst().length() == 8;
    return boxed ? digits.substring(8) : digits;
  }

  /// A result into x0 is lost, and costs nothing else.
  @Test
  void zeroRegisterStaysZero() {
    try (Machine machine = Machine.Kind.HART.machine()) {
      machine.setCsr(MSTATUS, 0x6000);
      machine.setX(6, DATA);
      machine.setX(7, 3);
      long pc = CODE;
      for (String name : Rv.names()) {
        char format = Rv.format(name);
        int word =
            switch (format) {
              case 'I', 'H', 'W' -> Rv.imm(name, 0, 6, 4);
              case 'U' -> Rv.imm(name, 0, 0, 4096);
              case 'R', 'Z', 'A', 'F', '1', '4' -> Rv.op(name, 0, 6, name.startsWith("lr") ? 0 : 7);
              default -> Rv.NOP;
            };
        if (name.equals("jalr")) {
          continue;
        }
        machine.write(new Program(pc).add(word));
        machine.setPc(pc);
        machine.run(1);
        assertThat(machine.x(0)).as(name).isZero();
        assertThat(machine.pc()).as(name).isEqualTo(pc + 4);
        pc += 4;
      }
    }
  }

  /// Loads, stores, branches, jumps and CSR instructions have tests of their own.
  @Test
  void noInstructionIsForgotten() {
    Set<String> missing = new TreeSet<>(Rv.names());
    for (String table : InstructionRow.TABLES) {
      InstructionRow.read(table).forEach(row -> missing.remove(row.name()));
    }
    missing.removeIf(name -> "SBJC".indexOf(Rv.format(name)) >= 0);
    assertThat(missing)
        .containsExactlyInAnyOrder(
            "jalr", "lb", "lbu", "lh", "lhu", "lw", "lwu", "ld", "flw", "fld", "lr.w", "lr.d",
            "sc.w", "sc.d");
  }
}
