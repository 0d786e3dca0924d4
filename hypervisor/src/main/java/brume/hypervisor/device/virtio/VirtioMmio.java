package brume.hypervisor.device.virtio;

import brume.hypervisor.device.InterruptLine;
import brume.hypervisor.device.MemoryMap;
import brume.hypervisor.memory.AccessFault;
import brume.hypervisor.memory.GuestRam;
import brume.hypervisor.memory.MmioDevice;
import org.jspecify.annotations.Nullable;

/// The memory-mapped transport of virtio 1.2 §4.2, version 2 (not legacy), for one device.
///
/// ```
///   reset ──features──▶ FEATURES_OK ──queues──▶ DRIVER_OK ──rule broken──▶ NEEDS_RESET
///     ▲                                             │                          │
///     └──────────────── driver writes status 0 ◀────┴──────────────────────────┘
/// ```
public final class VirtioMmio implements MmioDevice, VirtioHost {
  static final int MAGIC = 0x7472_6976;
  static final int VENDOR = 0x4d55_5242;

  /// Bytes moved before the guest gets its turn again; the rest follows in [#poll].
  static final long WORK_MAX = 8 << 20;

  static final long INDIRECT = 1L << 28, EVENT_INDEX = 1L << 29, VERSION_1 = 1L << 32;
  static final int FEATURES_OK = 8, DRIVER_OK = 4, NEEDS_RESET = 64;

  private static final int CONFIGURATION = 0x100;
  private static final int USED_BUFFER = 1, CONFIGURATION_CHANGE = 2;

  private final VirtioDevice device;
  private final InterruptLine interrupt;
  private final SplitQueue[] queues;
  private final long[] addresses;
  private int deviceFeaturesSelect;
  private int driverFeaturesSelect;
  private long driverFeatures;
  private int queueSelect;
  private int status;
  private int interruptStatus;
  private int configurationGeneration;
  private long servicePending;
  private @Nullable String fault;

  public VirtioMmio(VirtioDevice device, GuestRam ram, InterruptLine interrupt) {
    this.device = device;
    this.interrupt = interrupt;
    this.queues = new SplitQueue[device.queues()];
    for (int i = 0; i < queues.length; i++) {
      queues[i] = new SplitQueue(ram, device.queueSizeMax());
    }
    // Descriptor, available and used area of each queue.
    this.addresses = new long[queues.length * 3];
    device.attach(this);
  }

  public VirtioDevice device() {
    return device;
  }

  /// Which rule the driver broke, if it did.
  public @Nullable String fault() {
    return fault;
  }

  private long offered() {
    return device.features() | VERSION_1 | INDIRECT | EVENT_INDEX;
  }

  @Override
  public long load(long offset, int bytes) {
    if (offset >= CONFIGURATION) {
      return loadConfiguration((int) offset - CONFIGURATION, bytes);
    }
    if (bytes != 4) {
      throw new AccessFault(MemoryMap.VIRTIO + offset);
    }
    return loadRegister((int) offset) & 0xffff_ffffL;
  }

  private int loadRegister(int offset) {
    return switch (offset) {
      case 0x000 -> MAGIC;
      case 0x004 -> 2;
      case 0x008 -> device.deviceId();
      case 0x00c -> VENDOR;
      case 0x010 -> half(offered(), deviceFeaturesSelect);
      case 0x034 -> selected() == null ? 0 : device.queueSizeMax();
      case 0x044 -> {
        SplitQueue queue = selected();
        yield queue != null && queue.isReady() ? 1 : 0;
      }
      case 0x060 -> interruptStatus;
      case 0x070 -> status;
      // No shared memory: a region of length -1 (§4.2.2).
      case 0x0b0, 0x0b4, 0x0b8, 0x0bc -> -1;
      case 0x0fc -> configurationGeneration;
      default -> 0;
    };
  }

  private static int half(long bits, int select) {
    return select == 0 ? (int) bits : select == 1 ? (int) (bits >>> 32) : 0;
  }

  private long loadConfiguration(int offset, int bytes) {
    byte[] configuration = device.configuration();
    long value = 0;
    for (int i = 0; i < bytes && offset + i < configuration.length; i++) {
      value |= (configuration[offset + i] & 0xffL) << (8 * i);
    }
    return value;
  }

  @Override
  public void store(long offset, int bytes, long value) {
    if (offset >= CONFIGURATION) {
      for (int i = 0; i < bytes; i++) {
        device.configure((int) offset - CONFIGURATION + i, (int) (value >> (8 * i)) & 0xff);
      }
      return;
    }
    if (bytes != 4) {
      throw new AccessFault(MemoryMap.VIRTIO + offset);
    }
    storeRegister((int) offset, (int) value);
  }

  private void storeRegister(int offset, int value) {
    switch (offset) {
      case 0x014 -> deviceFeaturesSelect = value;
      case 0x020 -> setDriverFeatures(value);
      case 0x024 -> driverFeaturesSelect = value;
      case 0x030 -> queueSelect = value;
      case 0x038 -> {
        SplitQueue queue = selected();
        if (queue != null && !queue.isReady()) {
          queue.setSize(value);
        }
      }
      case 0x044 -> setQueueReady(value);
      case 0x050 -> requestService(value);
      case 0x064 -> {
        interruptStatus &= ~value;
        interrupt.set(interruptStatus != 0);
      }
      case 0x070 -> setStatus(value);
      case 0x080 -> setAddress(0, value, false);
      case 0x084 -> setAddress(0, value, true);
      case 0x090 -> setAddress(1, value, false);
      case 0x094 -> setAddress(1, value, true);
      case 0x0a0 -> setAddress(2, value, false);
      case 0x0a4 -> setAddress(2, value, true);
      default -> {}
    }
    if (offset == 0x050) {
      poll();
    }
  }

  private @Nullable SplitQueue selected() {
    return queueSelect >= 0 && queueSelect < queues.length ? queues[queueSelect] : null;
  }

  private void setDriverFeatures(int value) {
    if ((status & FEATURES_OK) != 0) {
      return;
    }
    long bits = value & 0xffff_ffffL;
    if (driverFeaturesSelect == 0) {
      driverFeatures = (driverFeatures & ~0xffff_ffffL) | bits;
    } else if (driverFeaturesSelect == 1) {
      driverFeatures = (driverFeatures & 0xffff_ffffL) | (bits << 32);
    }
  }

  private void setAddress(int area, int value, boolean high) {
    SplitQueue queue = selected();
    if (queue == null || queue.isReady()) {
      return;
    }
    int at = queueSelect * 3 + area;
    long bits = value & 0xffff_ffffL;
    addresses[at] =
        high
            ? (addresses[at] & 0xffff_ffffL) | (bits << 32)
            : (addresses[at] & ~0xffff_ffffL) | bits;
  }

  private void setQueueReady(int value) {
    SplitQueue queue = selected();
    if (queue == null) {
      return;
    }
    if ((value & 1) == 0) {
      queue.disable();
      return;
    }
    if (queue.isReady() || (status & FEATURES_OK) == 0) {
      return;
    }
    int at = queueSelect * 3;
    queue.setAddresses(addresses[at], addresses[at + 1], addresses[at + 2]);
    queue.setFeatures((driverFeatures & INDIRECT) != 0, (driverFeatures & EVENT_INDEX) != 0);
    try {
      queue.enable();
    } catch (VirtioFault broken) {
      fail("queue " + queueSelect + ": " + broken.getMessage());
    }
  }

  private void setStatus(int value) {
    if (value == 0) {
      reset();
      return;
    }
    int wanted = value & 0xff;
    boolean acceptable = (driverFeatures & ~offered()) == 0 && (driverFeatures & VERSION_1) != 0;
    if ((wanted & FEATURES_OK) != 0 && !acceptable) {
      // §3.1.1: the driver reads this bit back and gives up.
      wanted &= ~FEATURES_OK;
    }
    boolean starts = (wanted & DRIVER_OK) != 0 && (status & DRIVER_OK) == 0;
    // Only the device sets NEEDS_RESET and only a reset clears anything.
    status |= wanted & ~NEEDS_RESET;
    if (starts && (status & FEATURES_OK) != 0 && fault == null) {
      device.activate(driverFeatures);
      for (int i = 0; i < queues.length; i++) {
        requestService(i);
      }
    }
  }

  private void reset() {
    status = 0;
    fault = null;
    interruptStatus = 0;
    interrupt.set(false);
    driverFeatures = 0;
    deviceFeaturesSelect = 0;
    driverFeaturesSelect = 0;
    queueSelect = 0;
    servicePending = 0;
    java.util.Arrays.fill(addresses, 0);
    for (SplitQueue queue : queues) {
      queue.reset();
    }
    device.reset();
  }

  private boolean operates() {
    return (status & (DRIVER_OK | FEATURES_OK)) == (DRIVER_OK | FEATURES_OK) && fault == null;
  }

  @Override
  public void requestService(int queue) {
    if (queue >= 0 && queue < queues.length && operates()) {
      servicePending |= 1L << queue;
    }
  }

  @Override
  public void configurationChanged() {
    configurationGeneration++;
    if (operates()) {
      raise(CONFIGURATION_CHANGE);
    }
  }

  /// True while there is work that waits for [#poll].
  public boolean hasWork() {
    return servicePending != 0;
  }

  /// Does a bounded portion of the work that waits.
  public void poll() {
    long todo = servicePending;
    servicePending = 0;
    for (; todo != 0 && fault == null; todo &= todo - 1) {
      int index = Long.numberOfTrailingZeros(todo);
      if (queues[index].isReady()) {
        serve(index, queues[index]);
      }
    }
  }

  private void serve(int index, SplitQueue queue) {
    try {
      boolean more = device.service(index, queue, WORK_MAX);
      if (more) {
        requestService(index);
      }
      if (queue.takeSignal()) {
        raise(USED_BUFFER);
      }
    } catch (VirtioFault broken) {
      fail("queue " + index + ": " + broken.getMessage());
    } catch (AccessFault broken) {
      fail("queue " + index + ": " + broken.getMessage());
    }
  }

  private void raise(int cause) {
    interruptStatus |= cause;
    interrupt.set(true);
  }

  /// §2.1.2: out of order until reset, and the driver is told by a configuration interrupt.
  private void fail(String reason) {
    fault = reason;
    status |= NEEDS_RESET;
    servicePending = 0;
    if ((status & DRIVER_OK) != 0) {
      raise(CONFIGURATION_CHANGE);
    }
  }
}
