package brume.node.vm;

import brume.contract.EndCause;
import brume.contract.VmState;
import org.jspecify.annotations.Nullable;

/// What a VM on this node is doing.
///
/// ```
///             image there,            asked to stop,
///             guest built             or cut
///  Starting ──────────────▶ Running ──────────────▶ Stopping ──▶ Gone
///     │  │                   │    │                     │
///     │  └───────────────────┼────┼── asked to stop ──▶ │
///     │                      │    └── powers off ───────┼──────▶ Gone
///     └── refused, broken ───┴── broken ────────────────┴──────▶ Failed
/// ```
///
/// A guest that resets itself, or is rebooted, stays Running: it is the same VM. Gone and Failed
/// never change again, and nothing of the VM is left on the node. MIGRATING of [VmState] has no
/// phase here before VMs can migrate.
public sealed interface VmPhase {
  VmState state();

  /// The image is fetched, the guest is built.
  record Starting() implements VmPhase {
    @Override
    public VmState state() {
      return VmState.STARTING;
    }
  }

  /// The guest executes instructions.
  record Running() implements VmPhase {
    @Override
    public VmState state() {
      return VmState.RUNNING;
    }
  }

  /// It is being shut down or cut off.
  record Stopping(Ending ending) implements VmPhase {
    @Override
    public VmState state() {
      return VmState.STOPPING;
    }
  }

  /// Nothing of the VM is left.
  sealed interface End extends VmPhase {
    EndCause cause();

    @Nullable String reason();
  }

  /// It ended as somebody wanted: a user, the guest, an operator.
  record Gone(EndCause cause, @Nullable String reason) implements End {
    @Override
    public VmState state() {
      return VmState.GONE;
    }
  }

  /// It ended as nobody wanted.
  record Failed(EndCause cause, @Nullable String reason) implements End {
    @Override
    public VmState state() {
      return VmState.FAILED;
    }
  }
}
