package brume.hypervisor.cpu;

/// The SBI as a hart sees it. Called on `ecall` from S-mode with the hart's registers as they are
/// at the call; the answer goes into `a0` and `a1`; the hart then goes on behind the `ecall`.
public interface SupervisorCalls {
  void call(Hart hart);
}
