package brume.hypervisor.machine;

import org.jspecify.annotations.Nullable;

/// Which of a machine's processors are inside it just now, so that its power switch acts when they
/// have all left: the one that leaves last carries out what was asked.
///
/// ```
///   OPEN ──ask──▶ EMPTYING ──the last one leaves──▶ CHANGING ──reopen──▶ OPEN
/// ```
final class Occupancy {
  private int inside;
  private boolean changing;

  /// Read without the lock by those who are inside, to leave soon.
  private volatile @Nullable MachineExit asked;

  /// False while something was asked; the processor comes again when it is woken.
  synchronized boolean enter() {
    if (asked != null || changing) {
      return false;
    }
    inside++;
    return true;
  }

  /// What was asked, for the last one out; it must [#reopen], or end the machine.
  synchronized @Nullable MachineExit leave() {
    inside--;
    MachineExit wanted = asked;
    if (wanted == null || inside > 0) {
      return null;
    }
    asked = null;
    changing = true;
    return wanted;
  }

  synchronized void reopen() {
    changing = false;
  }

  /// What was asked could not be carried out just now: whoever comes next takes it up.
  synchronized void postpone(MachineExit what) {
    asked = what;
    changing = false;
  }

  /// What was postponed, for one that could not enter; null in the ordinary case, where those
  /// inside see to it.
  synchronized @Nullable MachineExit takeUp() {
    MachineExit wanted = asked;
    if (wanted == null || inside > 0 || changing) {
      return null;
    }
    asked = null;
    changing = true;
    return wanted;
  }

  /// From inside. The first who asks is heard.
  synchronized void ask(MachineExit what) {
    if (asked == null) {
      asked = what;
    }
  }

  boolean isAsked() {
    return asked != null;
  }
}
