package brume.hypervisor.firmware;

import brume.hypervisor.cpu.Hart;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// The harts of one machine and which of them run, by the states of SBI 3.0 §9:
///
/// ```
///   STOPPED ──hart_start──▶ START_PENDING ──▶ STARTED ──hart_stop──▶ STOP_PENDING ──▶ STOPPED
///                                              ▲  │ hart_suspend
///                                interrupt ────┘  ▼
///                                              SUSPENDED
/// ```
///
/// A hart that asked to be stopped is STOPPED when its own thread has left it ([#settle]), so who
/// starts it again has it for himself. Any thread, where nothing else is said.
public final class HartStates {
  static final int STARTED = 0, STOPPED = 1, START_PENDING = 2, STOP_PENDING = 3;
  static final int SUSPENDED = 4;

  private final List<Hart> harts;
  private final AtomicIntegerArray states;

  /// @param allStarted as M-mode firmware expects it; otherwise only hart 0 starts
  public HartStates(List<Hart> harts, boolean allStarted) {
    this.harts = List.copyOf(harts);
    this.states = new AtomicIntegerArray(harts.size());
    for (int id = 1; id < harts.size() && !allStarted; id++) {
      states.set(id, STOPPED);
    }
  }

  public int size() {
    return harts.size();
  }

  public Hart hart(int id) {
    return harts.get(id);
  }

  public boolean exists(long id) {
    return id >= 0 && id < harts.size();
  }

  /// By the numbers of SBI.
  int state(int id) {
    return states.get(id);
  }

  /// Whether it runs, or will at its next interrupt.
  public boolean isStarted(int id) {
    int state = states.get(id);
    return state == STARTED || state == SUSPENDED;
  }

  /// Whether every other hart is stopped.
  boolean isAlone(int id) {
    for (int other = 0; other < harts.size(); other++) {
      if (other != id && states.get(other) != STOPPED) {
        return false;
      }
    }
    return true;
  }

  /// False if it is not stopped.
  boolean start(int id, long entry, long argument) {
    if (!states.compareAndSet(id, STOPPED, START_PENDING)) {
      return false;
    }
    harts.get(id).reset(entry, argument);
    states.set(id, STARTED);
    harts.get(id).callAttention();
    return true;
  }

  /// By the hart itself, which then ends its run.
  void stop(int id) {
    states.set(id, STOP_PENDING);
    harts.get(id).requestExit();
  }

  /// By the hart itself, which then waits for an interrupt.
  void suspend(int id) {
    states.set(id, SUSPENDED);
  }

  /// A run of the hart begins, for which it does not wait any more; on the thread that runs it.
  public void resume(int id) {
    states.compareAndSet(id, SUSPENDED, STARTED);
  }

  /// A run of the hart has ended; on the thread that ran it.
  public void settle(int id) {
    states.compareAndSet(id, STOP_PENDING, STOPPED);
  }
}
