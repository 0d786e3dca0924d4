package brume.hypervisor.machine;

/// Hears the lines that a guest writes on its control channel, the virtio-console port named
/// `brume.control`; the guest's init writes `ready` when it has come up. On a thread of the
/// machine: must not block. Lines are the guest's and may say anything, in at most 1,024
/// characters.
@FunctionalInterface
public interface ControlListener {
  void said(String line);
}
