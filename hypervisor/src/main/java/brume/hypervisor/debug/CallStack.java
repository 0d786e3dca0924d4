package brume.hypervisor.debug;

import brume.hypervisor.cpu.Hart;
import brume.hypervisor.cpu.Inspection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who called what a hart is executing, as far as can be told cheaply: by the frame pointer where
/// code keeps one (RISC-V calling conventions: the return address at -8 from it, the caller's frame
/// pointer at -16), and by `ra` in a function that has not made a frame. What is no symbol's code
/// ends the walk. A guess, good enough to count.
final class CallStack {
  private static final int FRAMES_MAX = 64;
  private static final long FRAME_BYTES_MAX = 1 << 20;
  private static final int RA = 1, SP = 2, FP = 8;

  private final SymbolTable symbols;

  CallStack(SymbolTable symbols) {
    this.symbols = symbols;
  }

  /// Names from the outermost to the innermost, the mode first.
  List<String> of(Hart hart) {
    List<String> inward = new ArrayList<>();
    String here = symbols.find(hart.pc());
    inward.add(here == null ? place(hart) : here);
    if (here != null) {
      callers(hart, here, inward);
    }
    inward.add(
        switch (hart.privilege()) {
          case 0 -> "user";
          case 1 -> "supervisor";
          default -> "machine";
        });
    Collections.reverse(inward);
    return inward;
  }

  /// Unnamed code of a user's program is one; other code is named by its page.
  private static String place(Hart hart) {
    return hart.privilege() == 0 ? "[program]" : "0x" + Long.toHexString(hart.pc() & -4096);
  }

  private void callers(Hart hart, String here, List<String> inward) {
    Inspection memory = new Inspection(hart);
    long fp = hart.x(FP);
    long above = hart.x(SP);
    long saved = isFrame(fp, above) ? memory.load64(fp - 8, 0) : 0;
    long ra = hart.x(RA);
    String caller = symbols.find(ra);
    if (caller != null && !caller.equals(here) && ra != saved) {
      // No frame yet, or a leaf's, which holds only the caller's frame pointer.
      inward.add(caller);
      if (saved != 0 && symbols.find(saved) == null && isFrame(saved, fp)) {
        above = fp;
        fp = saved;
      }
    }
    while (inward.size() < FRAMES_MAX && isFrame(fp, above)) {
      String name = name(memory.load64(fp - 8, 0));
      if (name == null) {
        return;
      }
      inward.add(name);
      above = fp;
      fp = memory.load64(fp - 16, 0);
    }
  }

  private @Nullable String name(long returnAddress) {
    // The call stands before it, which matters where it is a function's last instruction.
    return returnAddress == 0 ? null : symbols.find(returnAddress - 1);
  }

  /// Frames lie above each other, near, and aligned.
  private static boolean isFrame(long fp, long above) {
    return (fp & 7) == 0 && fp - above > 0 && fp - above < FRAME_BYTES_MAX;
  }
}
