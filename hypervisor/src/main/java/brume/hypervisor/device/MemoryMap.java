package brume.hypervisor.device;

/// Where things are in the physical address space and on the interrupt controller, as QEMU's `virt`
/// machine has them, so that firmware and kernels built for it run here unchanged. Addresses and
/// lengths in bytes.
public final class MemoryMap {
  public static final long SYSCON = 0x10_0000L, SYSCON_LENGTH = 0x1000;
  public static final long RTC = 0x10_1000L, RTC_LENGTH = 0x1000;
  public static final long ACLINT = 0x0200_0000L, ACLINT_LENGTH = 0x1_0000;
  public static final long PLIC = 0x0c00_0000L, PLIC_LENGTH = 0x60_0000;
  public static final long UART = 0x1000_0000L, UART_LENGTH = 0x100;
  public static final long VIRTIO = 0x1000_1000L, VIRTIO_LENGTH = 0x1000;
  public static final long RAM = 0x8000_0000L;

  public static final int UART_IRQ = 10, RTC_IRQ = 11;

  /// Slots for virtio devices; with them every source of the PLIC is spoken for.
  public static final int VIRTIO_SLOTS = 40;

  private MemoryMap() {}

  public static long virtioAddress(int slot) {
    return VIRTIO + checkedSlot(slot) * VIRTIO_LENGTH;
  }

  /// The first eight slots have QEMU's interrupts 1 to 8; the rest come behind serial port and RTC.
  public static int virtioIrq(int slot) {
    return checkedSlot(slot) < 8 ? 1 + slot : 8 + slot;
  }

  private static long checkedSlot(int slot) {
    if (slot < 0 || slot >= VIRTIO_SLOTS) {
      throw new IllegalArgumentException(
          "virtio slot " + slot + ": a machine has slots 0 to " + (VIRTIO_SLOTS - 1));
    }
    return slot;
  }
}
