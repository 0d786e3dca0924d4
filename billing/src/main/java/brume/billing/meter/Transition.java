package brume.billing.meter;

import brume.contract.Checks;
import brume.contract.VmState;
import java.time.Instant;

/// One fact of the append-only log, as far as billing needs it.
///
/// @param seq the order of facts; wall clocks take no part in it
/// @param epoch which incarnation of the resource it is about
/// @param state of an instance; what else is there is `RUNNING`, and then `GONE`
/// @param at when it counts: control-plane time, for a lost node its last acknowledged heartbeat
/// @param size MiB of what is stored, bytes of what is counted; 1 of all else
public record Transition(
    long seq,
    ResourceKind kind,
    String resourceId,
    long epoch,
    String accountId,
    String sku,
    VmState state,
    Instant at,
    long size) {
  /// Of an instance.
  public Transition(
      long seq,
      String resourceId,
      long epoch,
      String accountId,
      String sku,
      VmState state,
      Instant at) {
    this(seq, ResourceKind.INSTANCE, resourceId, epoch, accountId, sku, state, at, 1);
  }

  public Transition {
    Checks.range("size", size, 0, Long.MAX_VALUE);
    Checks.range("seq", seq, 1, Long.MAX_VALUE);
    Checks.range("epoch", epoch, 0, Long.MAX_VALUE);
    Checks.length("resourceId", resourceId, 1, 64);
    Checks.length("accountId", accountId, 1, 64);
    Checks.length("sku", sku, 1, 64);
  }
}
