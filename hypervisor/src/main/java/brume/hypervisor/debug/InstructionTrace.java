package brume.hypervisor.debug;

import brume.hypervisor.cpu.Csr;
import brume.hypervisor.cpu.Disassembler;
import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.Hart;
import brume.hypervisor.cpu.Inspection;
import brume.hypervisor.machine.HartRunner;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Writes one line for each instruction that a guest attempts:
///
/// ```
///   retired  hart mode pc               bits     instruction              what it wrote
///       117  0    S    ffffffff80001040 00a5b023 sd a0,0(a1)
///       118  0    S    ffffffff80001044 00b50533 add a0,a0,a1             a0=0000000000000007
/// ```
///
/// A trap or an interrupt has its cause and where the hart goes on. Tracing begins after so many
/// instructions of the machine, and ends after so many lines; the guest then goes on without.
public final class InstructionTrace implements HartRunner, AutoCloseable {
  public static final long LINES_DEFAULT = 1_000_000, LINES_MAX = 1_000_000_000;

  private static final int TEXT_COLUMNS = 36;
  private static final long INTERRUPT = 1L << 63;

  private final BufferedWriter out;
  private final StringBuilder line = new StringBuilder(160);
  private long before;
  private long linesLeft;
  private @Nullable IOException failure;

  /// @param from instructions of all harts before the first line
  /// @param lines at most so many
  public InstructionTrace(Path file, long from, long lines) throws IOException {
    if (from < 0 || lines < 1 || lines > LINES_MAX) {
      throw new IllegalArgumentException(
          "trace: %d lines from instruction %d; must be 1 to %d from 0 or later"
              .formatted(lines, from, LINES_MAX));
    }
    this.before = from;
    this.linesLeft = lines;
    this.out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII);
  }

  @Override
  public boolean seesEachInstruction() {
    return true;
  }

  @Override
  public synchronized long run(Hart hart, long budget) {
    if (linesLeft == 0 || failure != null) {
      return hart.run(budget);
    }
    if (before > 0) {
      long ran = hart.run(Math.min(before, budget));
      before -= ran;
      return ran;
    }
    long start = hart.retired();
    try {
      boolean more = true;
      for (long left = budget; left > 0 && linesLeft > 0 && more; left--) {
        settle(hart);
        more = step(hart);
      }
      if (linesLeft == 0) {
        out.write("# the limit of lines is reached; the guest goes on\n");
        out.flush();
      }
    } catch (IOException full) {
      failure = full;
    }
    return hart.retired() - start;
  }

  private void settle(Hart hart) throws IOException {
    long pc = hart.pc();
    int privilege = hart.privilege();
    hart.settle();
    if (hart.pc() != pc) {
      begin(hart, hart.retired(), privilege, pc);
      line.append("         ");
      goesOn(hart);
      end();
    }
  }

  private boolean step(Hart hart) throws IOException {
    long pc = hart.pc();
    long retired = hart.retired();
    int fetched = new Inspection(hart).instruction(pc);
    begin(hart, retired, hart.privilege(), pc);
    boolean wide = (fetched & 3) == 3;
    hex(fetched, wide ? 8 : 4);
    line.append(wide ? " " : "     ");
    int text = line.length();
    line.append(Disassembler.text(fetched, pc));
    final boolean more = hart.step();
    Encoding encoding = Disassembler.encoding(Disassembler.expand(fetched));
    if (hart.retired() == retired) {
      pad(text);
      goesOn(hart);
    } else if (encoding != null) {
      written(hart, encoding, Disassembler.expand(fetched) >>> 7 & 31, text);
    }
    end();
    return more;
  }

  private void begin(Hart hart, long retired, int privilege, long pc) {
    line.setLength(0);
    String count = Long.toString(retired);
    line.append(" ".repeat(Math.max(0, 12 - count.length()))).append(count).append(' ');
    line.append(hart.id()).append(' ').append("US?M".charAt(privilege)).append(' ');
    hex(pc, 16);
    line.append(' ');
  }

  private void hex(long value, int digits) {
    for (int shift = 4 * digits - 4; shift >= 0; shift -= 4) {
      line.append(Character.forDigit((int) (value >>> shift) & 15, 16));
    }
  }

  private void pad(int text) {
    while (line.length() < text + TEXT_COLUMNS) {
      line.append(' ');
    }
  }

  private void goesOn(Hart hart) {
    boolean machine = hart.privilege() == 3;
    long cause = hart.csr(machine ? Csr.MCAUSE : Csr.SCAUSE);
    line.append(cause < 0 ? "interrupt " : "trap ").append(cause & ~INTERRUPT);
    line.append(" value ");
    hex(hart.csr(machine ? Csr.MTVAL : Csr.STVAL), 16);
    line.append(" to ").append(machine ? 'M' : 'S').append(' ');
    hex(hart.pc(), 16);
  }

  private void written(Hart hart, Encoding encoding, int register, int text) {
    switch (encoding.operands()) {
      case NONE, S, B, FENCE, FENCE_VMA, CBO, FLOAT_STORE -> {}
      case FLOAT_LOAD, R4, FLOAT, FLOAT_ROUNDED, FLOAT_UNARY_ROUNDED -> {
        wrote(Disassembler.floatName(register), hart.f(register), text);
      }
      case INTEGER_TO_FLOAT, FLOAT_MOVE_IN -> {
        wrote(Disassembler.floatName(register), hart.f(register), text);
      }
      case R, I, LOAD, U, J, SHIFT5, SHIFT6, UNARY, LR, AMO -> integer(hart, register, text);
      case CSR, CSR_IMMEDIATE -> integer(hart, register, text);
      case FLOAT_COMPARE, FLOAT_TO_INTEGER, FLOAT_MOVE_OUT -> integer(hart, register, text);
    }
  }

  private void integer(Hart hart, int register, int text) {
    if (register != 0) {
      wrote(Disassembler.integerName(register), hart.x(register), text);
    }
  }

  private void wrote(String register, long value, int text) {
    pad(text);
    line.append(register).append('=');
    hex(value, 16);
  }

  private void end() throws IOException {
    out.append(line).write('\n');
    linesLeft--;
  }

  /// Throws what kept the trace from being written, if something did.
  @Override
  public synchronized void close() throws IOException {
    out.close();
    IOException lost = failure;
    if (lost != null) {
      throw lost;
    }
  }
}
