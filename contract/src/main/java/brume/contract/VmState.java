package brume.contract;

/// The state of a VM, one incarnation of an instance on a node, as the node reports it.
///
/// ```
/// STARTING → RUNNING ⇄ MIGRATING → STOPPING → GONE
///     any → FAILED
/// ```
public enum VmState {
  STARTING,
  RUNNING,
  MIGRATING,
  STOPPING,
  GONE,
  FAILED;

  /// True when nothing of the VM is left on its node: it holds no capacity and never changes again.
  public boolean isEnd() {
    return this == GONE || this == FAILED;
  }
}
