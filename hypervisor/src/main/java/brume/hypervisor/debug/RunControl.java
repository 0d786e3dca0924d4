package brume.hypervisor.debug;

import brume.hypervisor.cpu.Disassembler;
import brume.hypervisor.cpu.Hart;
import brume.hypervisor.cpu.Inspection;
import brume.hypervisor.machine.HartRunner;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides before each instruction whether a debugged guest goes on. Breakpoints and watchpoints
/// are looked up beside the guest, which cannot see them; while there are none, harts run at their
/// ordinary speed.
///
/// ```
///   STOPPED ──go──▶ GOING ──breakpoint, watchpoint, end of a step──▶ STOPPED
/// ```
///
/// A stop is one for the whole machine. The debugger then pauses the machine; until it has, harts
/// get turns and do nothing. Any thread.
public final class RunControl implements HartRunner {
  static final int POINTS_MAX = 1024;
  private static final int NOBODY = -1;

  /// Instructions from one look at the outside to the next.
  private static final int SETTLED = 64;

  /// What a hart may do until the next stop.
  enum Mode {
    HOLD,
    STEP,
    GO
  }

  /// Why the machine stopped, and on which hart.
  ///
  /// @param watched the watchpoint that was met; null for a breakpoint or the end of a step
  record Stop(int hart, @Nullable Watchpoint watched) {}

  private final Set<Long> breakpoints = new HashSet<>();
  private final Set<Watchpoint> watchpoints = new LinkedHashSet<>();

  /// A bit for each value of an address's low bits that has a breakpoint.
  private long breakpointBits;

  private Mode[] modes = new Mode[0];
  private boolean going = true;
  private @Nullable Stop stop;

  /// The hart that stopped last before a watched access, and where.
  private int toldHart = NOBODY;

  private long toldAt;
  private Runnable listener = () -> {};

  /// `listener` hears of each stop, on the machine's thread, and must not wait.
  synchronized void listen(Runnable newListener) {
    listener = newListener;
  }

  /// False where there are too many.
  synchronized boolean addBreakpoint(long address) {
    if (breakpoints.size() >= POINTS_MAX) {
      return false;
    }
    breakpoints.add(address);
    hashBreakpoints();
    return true;
  }

  synchronized void removeBreakpoint(long address) {
    breakpoints.remove(address);
    hashBreakpoints();
  }

  private void hashBreakpoints() {
    breakpointBits = 0;
    breakpoints.forEach(address -> breakpointBits |= 1L << (address >>> 1));
  }

  synchronized boolean addWatchpoint(Watchpoint watchpoint) {
    return (watchpoints.size() < POINTS_MAX && watchpoints.add(watchpoint))
        || watchpoints.contains(watchpoint);
  }

  synchronized void removeWatchpoint(Watchpoint watchpoint) {
    watchpoints.remove(watchpoint);
  }

  /// Nothing stops the guest any more.
  synchronized void release() {
    breakpoints.clear();
    watchpoints.clear();
    toldHart = NOBODY;
    hashBreakpoints();
    modes = new Mode[0];
    stop = null;
    going = true;
  }

  /// Lets harts go on, by number; where none is named, all do.
  synchronized void go(Mode... newModes) {
    modes = newModes.clone();
    stop = null;
    going = true;
  }

  /// Nothing goes on until [#go]. Answers why it had stopped already, null if it had not.
  synchronized @Nullable Stop halt() {
    going = false;
    Stop reason = stop;
    stop = null;
    return reason;
  }

  @Override
  public boolean seesEachInstruction() {
    return true;
  }

  @Override
  public synchronized long run(Hart hart, long budget) {
    Mode mode = hart.id() < modes.length ? modes[hart.id()] : Mode.GO;
    if (!going || mode == Mode.HOLD) {
      return 0;
    }
    if (mode == Mode.GO && breakpoints.isEmpty() && watchpoints.isEmpty()) {
      return hart.run(budget);
    }
    long before = hart.retired();
    if (mode == Mode.STEP) {
      if (!stopsBeforeAccess(hart)) {
        hart.step();
        stop(hart, null);
      }
    } else {
      goOn(hart, budget);
    }
    return hart.retired() - before;
  }

  /// Interrupts and timers are looked at now and then, as in an ordinary run.
  private void goOn(Hart hart, long budget) {
    boolean more = true;
    for (long done = 0; done < budget && more; done++) {
      if (done % SETTLED == 0) {
        hart.settle();
      }
      if (isBreakpoint(hart.pc())) {
        stop(hart, null);
        return;
      }
      if (stopsBeforeAccess(hart)) {
        return;
      }
      more = hart.step();
    }
  }

  /// GDB wants to be told before a RISC-V hart makes a watched access, and then steps over it. Who
  /// is told of one may go on without being told again.
  private boolean stopsBeforeAccess(Hart hart) {
    boolean told = toldHart == hart.id() && toldAt == hart.pc();
    if (toldHart == hart.id()) {
      toldHart = NOBODY;
    }
    Watchpoint met = told ? null : watched(hart);
    if (met == null) {
      return false;
    }
    toldHart = hart.id();
    toldAt = hart.pc();
    stop(hart, met);
    return true;
  }

  private boolean isBreakpoint(long address) {
    return (breakpointBits >>> (address >>> 1) & 1) != 0 && breakpoints.contains(address);
  }

  private @Nullable Watchpoint watched(Hart hart) {
    if (watchpoints.isEmpty()) {
      return null;
    }
    int bits = Disassembler.expand(new Inspection(hart).instruction(hart.pc()));
    for (Watchpoint watchpoint : watchpoints) {
      if (watchpoint.meets(hart, bits)) {
        return watchpoint;
      }
    }
    return null;
  }

  private void stop(Hart hart, @Nullable Watchpoint watched) {
    stop = new Stop(hart.id(), watched);
    going = false;
    listener.run();
  }

  @Override
  public synchronized String toString() {
    return "RunControl" + Arrays.toString(modes);
  }
}
