package brume.hypervisor.firmware;

import brume.hypervisor.cpu.Hart;
import java.util.Arrays;
import java.util.List;

/// The harts of one machine and which of them run, by the states of SBI 3.0 §9:
///
/// ```
///   STOPPED ──hart_start──▶ STARTED ──hart_stop──▶ STOPPED
/// ```
///
/// The pending states pass between two instructions and are never seen. Machine's thread only.
public final class HartStates {
  private final List<Hart> harts;
  private final boolean[] started;

  /// @param allStarted as M-mode firmware expects it; otherwise only hart 0 starts
  public HartStates(List<Hart> harts, boolean allStarted) {
    this.harts = List.copyOf(harts);
    this.started = new boolean[harts.size()];
    if (allStarted) {
      Arrays.fill(started, true);
    } else {
      started[0] = true;
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

  public boolean isStarted(int id) {
    return started[id];
  }

  /// Whether no other hart is started.
  boolean isAlone(int id) {
    for (int other = 0; other < started.length; other++) {
      if (other != id && started[other]) {
        return false;
      }
    }
    return true;
  }

  void start(int id, long entry, long argument) {
    harts.get(id).reset(entry, argument);
    started[id] = true;
  }

  void stop(int id) {
    started[id] = false;
    harts.get(id).requestExit();
  }
}
