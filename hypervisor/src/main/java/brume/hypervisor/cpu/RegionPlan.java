package brume.hypervisor.cpu;

import java.util.List;
import java.util.Set;

/// A piece of guest code that is to be translated as a whole: its instructions, in the order of
/// their offsets from the start of the page of its entry. Offsets may reach into other pages as the
/// address space had them; who runs the code makes sure that it still has.
///
/// @param entry the offset of the one instruction where it is entered
/// @param interpreted offsets where the flow may leave to an instruction that only the interpreter
///   knows
/// @param careful whether accesses that lie near each other had better be looked at one by one
public record RegionPlan(
    int entry, List<Operation> operations, Set<Integer> interpreted, boolean careful) {
  /// No target: where the instruction leads is not known before it runs.
  public static final int NOWHERE = Integer.MIN_VALUE;

  public RegionPlan {
    operations = List.copyOf(operations);
    interpreted = Set.copyOf(interpreted);
  }

  /// One instruction.
  ///
  /// @param bits its 32 bits, expanded where it is compressed
  /// @param length bytes it takes in memory
  /// @param target where it jumps or branches to, as an offset, or [#NOWHERE]
  /// @param seen where a jump to a register has led so far
  public record Operation(
      int offset, int length, int bits, Encoding encoding, int target, List<Integer> seen) {
    public Operation {
      seen = List.copyOf(seen);
    }

    public int behind() {
      return offset + length;
    }

    /// Whether the flow never simply goes on behind it.
    public boolean isJump() {
      return encoding == Encoding.JAL || encoding == Encoding.JALR;
    }

    /// Whether the interpreter executes it, in the middle of translated code.
    public boolean isStep() {
      return encoding.isStep(bits);
    }

    /// By the registers that the calling convention links with.
    public boolean isCall() {
      return isJump() && isLink(rd());
    }

    public int rd() {
      return bits >>> 7 & 31;
    }

    public int rs1() {
      return Instruction.rs1(bits);
    }

    public int rs2() {
      return Instruction.rs2(bits);
    }

    public int rs3() {
      return bits >>> 27;
    }

    public long immediateI() {
      return Instruction.immediateI(bits);
    }

    public long immediateS() {
      return Instruction.immediateS(bits);
    }

    public int shift6() {
      return bits >>> 20 & 63;
    }

    public boolean isReturn() {
      return ControlInstructions.isReturn(bits);
    }

    private static boolean isLink(int register) {
      return register == 1 || register == 5;
    }
  }
}
