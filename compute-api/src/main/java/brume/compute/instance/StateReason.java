package brume.compute.instance;

import brume.contract.EndCause;
import brume.contract.VmState;
import org.jspecify.annotations.Nullable;

/// What an instance waits for, or why it ended: a stable code, and a sentence that a user can act
/// on. Every instance that does not run has one.
public record StateReason(String code, String message) {

  /// @param showNode whether the reader may know the nodes by name
  public static @Nullable StateReason of(Instance instance, boolean showNode) {
    return switch (instance.state()) {
      case RUNNING -> null;
      case PENDING -> pending(instance, showNode);
      case STOPPING -> new StateReason("stopping", "the guest is asked to shut down");
      case STOPPED -> stopped(instance);
      case SHUTTING_DOWN -> new StateReason("shutting_down", "it is being ended on its node");
      case TERMINATED -> new StateReason("user_terminated", "it was terminated by request");
    };
  }

  private static StateReason pending(Instance instance, boolean showNode) {
    Fact fact = instance.fact();
    Fact.Vm vm = fact == null ? null : fact.vm();
    if (vm != null && instance.endedByGuest()) {
      return guestEnd(vm.cause() == EndCause.GUEST_POWEROFF, vm.reason(), "it is being stopped");
    }
    if (vm != null && vm.state() == VmState.STOPPING) {
      return new StateReason(
          "restarting", "its earlier run is still shutting down; it starts again after that");
    }
    EndCause cause = vm == null ? null : vm.cause();
    if (vm != null && cause != null && cause.isRestartable()) {
      String next = instance.refusal() == null ? "it is being placed again" : instance.refusal();
      return new StateReason("restarting", ended(cause, vm.reason()) + "; " + next);
    }
    if (fact != null && fact.allocated()) {
      String where = showNode ? "node " + fact.place().nodeName() : "a node";
      return new StateReason("starting", "it is starting on " + where);
    }
    return instance.refusal() == null
        ? new StateReason("placing", "it is being placed on a node")
        : new StateReason("no_capacity", instance.refusal());
  }

  private static String ended(EndCause cause, @Nullable String reason) {
    String what =
        switch (cause) {
          case NODE_REFUSED -> "its node had no memory left for it";
          case IMAGE_UNAVAILABLE -> "its node could not get the image";
          case NODE_RESTARTED -> "its node restarted";
          case NODE_LOST -> "its node was lost";
          case REQUESTED, GUEST_POWEROFF, GUEST_FAILURE -> "its last run ended";
        };
    return reason == null || reason.isBlank() ? what : what + " (" + reason + ")";
  }

  private static StateReason stopped(Instance instance) {
    return switch (instance.intentCause()) {
      case USER -> new StateReason("user_stopped", "it was stopped by request");
      case GUEST_POWEROFF -> guestEnd(true, instance.intentReason(), "start it to run it again");
      case GUEST_FAILURE -> guestEnd(false, instance.intentReason(), "start it to try again");
      case SPENDING ->
          new StateReason("spending_stop", "it was stopped: " + instance.intentReason());
    };
  }

  private static StateReason guestEnd(boolean poweroff, @Nullable String reason, String next) {
    String what = poweroff ? "the guest powered itself off" : "the guest failed";
    String why = reason == null || reason.isBlank() ? "" : ": " + reason;
    return new StateReason(poweroff ? "guest_poweroff" : "guest_failure", what + why + "; " + next);
  }
}
