package brume.contract;

import org.jspecify.annotations.Nullable;

/// What a user sees of an instance: one total function of intent and fact.
///
/// | intent | no VM | starting | running, migrating | stopping | gone, failed |
/// |---|---|---|---|---|---|
/// | RUN | pending | pending | running | pending | pending |
/// | STOP, HIBERNATE | stopped | stopping | stopping | stopping | stopped |
/// | TERMINATE | terminated | shutting-down | shutting-down | shutting-down | terminated |
///
/// While an allocation is held and its node has not reported a VM yet, STOP and TERMINATE still
/// show `stopping` and `shutting-down`: the node may be about to start it.
public enum InstanceState {
  PENDING("pending"),
  RUNNING("running"),
  STOPPING("stopping"),
  STOPPED("stopped"),
  SHUTTING_DOWN("shutting-down"),
  TERMINATED("terminated");

  private final String text;

  InstanceState(String text) {
    this.text = text;
  }

  /// The name that APIs show, as EC2 writes it.
  public String text() {
    return text;
  }

  /// @param allocated whether capacity is held for the instance on some node
  /// @param vm the state of the instance's newest VM, null when there is none
  public static InstanceState of(Intent intent, boolean allocated, @Nullable VmState vm) {
    boolean live = vm == null ? allocated : !vm.isEnd();
    return switch (intent) {
      case RUN -> vm == VmState.RUNNING || vm == VmState.MIGRATING ? RUNNING : PENDING;
      case STOP, HIBERNATE -> live ? STOPPING : STOPPED;
      case TERMINATE -> live ? SHUTTING_DOWN : TERMINATED;
    };
  }
}
