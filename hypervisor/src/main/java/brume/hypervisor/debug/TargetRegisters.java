package brume.hypervisor.debug;

import brume.hypervisor.cpu.Csr;
import brume.hypervisor.cpu.CsrNames;
import brume.hypervisor.cpu.Disassembler;
import brume.hypervisor.cpu.Hart;
import org.jspecify.annotations.Nullable;

/// A hart's registers by GDB's numbers for RISC-V: 0 to 31 integer, 32 the program counter, 33 to
/// 64 floating point, 65 + n control and status register n, 4161 the privilege mode; and the target
/// description that says so (GDB manual, appendix G.5.12). All have 64 bits.
final class TargetRegisters {
  static final int PC = 32;
  private static final int FLOAT = 33, CONTROL = 65, PRIVILEGE = 4161;

  /// Of the `g` packet: integer registers and the program counter.
  static final int GENERAL = 33;

  private TargetRegisters() {}

  static String description() {
    StringBuilder xml =
        new StringBuilder(16_384)
            .append("<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\">")
            .append("<target version=\"1.0\"><architecture>riscv:rv64</architecture>")
            .append("<feature name=\"org.gnu.gdb.riscv.cpu\">");
    for (int i = 0; i < 32; i++) {
      register(xml, Disassembler.integerName(i), i, integerType(i));
    }
    register(xml, "pc", PC, "code_ptr");
    xml.append("</feature><feature name=\"org.gnu.gdb.riscv.fpu\">");
    for (int i = 0; i < 32; i++) {
      register(xml, Disassembler.floatName(i), FLOAT + i, "ieee_double");
    }
    for (int csr = Csr.FFLAGS; csr <= Csr.FCSR; csr++) {
      register(xml, CsrNames.of(csr), CONTROL + csr, "int");
    }
    xml.append("</feature><feature name=\"org.gnu.gdb.riscv.csr\">");
    for (int csr : CsrNames.numbers()) {
      if (csr > Csr.FCSR && !isSpareCounter(csr)) {
        register(xml, CsrNames.of(csr), CONTROL + csr, "int");
      }
    }
    xml.append("</feature><feature name=\"org.gnu.gdb.riscv.virtual\">");
    register(xml, "priv", PRIVILEGE, "int");
    return xml.append("</feature></target>").toString();
  }

  private static String integerType(int register) {
    return switch (register) {
      case 1 -> "code_ptr";
      case 2, 3, 4, 8 -> "data_ptr";
      default -> "int";
    };
  }

  /// Performance counters that count nothing.
  private static boolean isSpareCounter(int csr) {
    return CsrNames.of(csr).startsWith("mhpm") || CsrNames.of(csr).startsWith("hpm");
  }

  private static void register(StringBuilder xml, String name, int number, String type) {
    xml.append("<reg name=\"").append(name);
    xml.append("\" bitsize=\"64\" regnum=\"").append(number);
    xml.append("\" type=\"").append(type).append("\"/>");
  }

  /// Null for a register that does not exist.
  static @Nullable Long read(Hart hart, int number) {
    if (number < 0) {
      return null;
    } else if (number < PC) {
      return hart.x(number);
    } else if (number == PC) {
      return hart.pc();
    } else if (number < CONTROL) {
      return hart.f(number - FLOAT);
    } else if (number == PRIVILEGE) {
      return (long) hart.privilege();
    }
    try {
      return hart.csr(number - CONTROL);
    } catch (IllegalArgumentException none) {
      return null;
    }
  }

  /// False for a register that does not exist, or a value that it cannot have.
  static boolean write(Hart hart, int number, long value) {
    try {
      if (number < 0) {
        return false;
      } else if (number < PC) {
        hart.setX(number, value);
      } else if (number == PC) {
        hart.setPc(value);
      } else if (number < CONTROL) {
        hart.setF(number - FLOAT, value);
        // So that the guest's system saves it.
        hart.setCsr(Csr.MSTATUS, hart.csr(Csr.MSTATUS) | 3 << 13);
      } else if (number == PRIVILEGE) {
        hart.setPrivilege(value == (int) value ? (int) value : -1);
      } else {
        hart.setCsr(number - CONTROL, value);
      }
      return true;
    } catch (IllegalArgumentException refused) {
      return false;
    }
  }
}
