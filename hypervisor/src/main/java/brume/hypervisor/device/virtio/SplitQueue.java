package brume.hypervisor.device.virtio;

import brume.hypervisor.memory.GuestRam;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// The device's side of one split virtqueue (virtio 1.2 §2.7), with indirect descriptors and event
/// indexes. All that lies in guest memory is read once and checked; a rule broken throws
/// [VirtioFault]. A chain has at most as many descriptors as the queue, so one that loops ends.
///
/// The driver may be at it on another hart at the same time: the fences are those of §2.7.13.
public final class SplitQueue {
  private static final int DESCRIPTOR_BYTES = 16;
  private static final int NEXT = 1, WRITE = 2, INDIRECT = 4;
  private static final int AVAILABLE_NO_INTERRUPT = 1;

  private final GuestRam ram;
  private final int sizeMax;
  private final DescriptorChain chain;
  private int size;
  private boolean ready;
  private boolean eventIndex;
  private boolean indirect;
  private long descriptors;
  private long available;
  private long used;
  private int nextAvailable;
  private int nextUsed;
  private int signalled;

  public SplitQueue(GuestRam ram, int sizeMax) {
    this.ram = ram;
    this.sizeMax = sizeMax;
    this.chain = new DescriptorChain(ram, sizeMax);
    reset();
  }

  void reset() {
    size = sizeMax;
    ready = false;
    eventIndex = false;
    indirect = false;
    descriptors = 0;
    available = 0;
    used = 0;
    nextAvailable = 0;
    nextUsed = 0;
    signalled = 0;
  }

  int sizeMax() {
    return sizeMax;
  }

  boolean isReady() {
    return ready;
  }

  void setSize(int newSize) {
    size = newSize;
  }

  void setAddresses(long newDescriptors, long newAvailable, long newUsed) {
    descriptors = newDescriptors;
    available = newAvailable;
    used = newUsed;
  }

  void setFeatures(boolean newIndirect, boolean newEventIndex) {
    indirect = newIndirect;
    eventIndex = newEventIndex;
  }

  /// Checks what the driver has set up (§2.7 for sizes and alignment) and starts.
  void enable() {
    if (size < 1 || size > sizeMax || Integer.bitCount(size) != 1) {
      throw new VirtioFault("queue size " + size + ": a power of two up to " + sizeMax);
    }
    requireTable("descriptor table", descriptors, DESCRIPTOR_BYTES, (long) DESCRIPTOR_BYTES * size);
    requireTable("available ring", available, 2, 6 + 2L * size);
    requireTable("used ring", used, 4, 6 + 8L * size);
    nextAvailable = 0;
    nextUsed = 0;
    signalled = 0;
    ready = true;
  }

  void disable() {
    ready = false;
  }

  private void requireTable(String what, long address, int alignment, long bytes) {
    if (address % alignment != 0 || !ram.contains(address, bytes)) {
      throw new VirtioFault(
          "%s at 0x%x, %d bytes: outside RAM or not aligned to %d"
              .formatted(what, address, bytes, alignment));
    }
  }

  /// True if [#take] would return a chain.
  public boolean hasAvailable() {
    return ready && waiting() != 0;
  }

  private int waiting() {
    // What this side wrote (which entry it wants to hear of) is there before it looks, and what the
    // driver wrote into the ring is read after its index.
    VarHandle.fullFence();
    int count = (ram.load16(available + 2) - nextAvailable) & 0xffff;
    VarHandle.acquireFence();
    if (count > size) {
      throw new VirtioFault(count + " chains available in a queue of " + size);
    }
    return count;
  }

  /// The next request, or null when the driver has put in no more.
  public @Nullable DescriptorChain take() {
    if (!ready) {
      return null;
    }
    if (waiting() == 0) {
      return null;
    }
    int head = ram.load16(available + 4 + 2L * (nextAvailable & size - 1));
    nextAvailable = nextAvailable + 1 & 0xffff;
    if (eventIndex) {
      // §2.7.10: please notify about the entry after this one.
      ram.store16(used + 4 + 8L * size, nextAvailable);
    }
    chain.begin(head);
    walk(descriptors, size, head, false);
    return chain;
  }

  /// Adds the chain that begins at `start` of a table. As [DescriptorChain#add] refuses more
  /// segments than the queue has descriptors, a loop comes to an end.
  private void walk(long table, int entries, int start, boolean inner) {
    int index = start;
    for (int steps = 0; ; steps++) {
      if (index >= entries) {
        throw new VirtioFault("descriptor " + index + " of " + entries);
      }
      if (steps > size) {
        throw new VirtioFault("a chain that does not end");
      }
      long at = table + (long) index * DESCRIPTOR_BYTES;
      long address = ram.load64(at);
      long length = ram.load32(at + 8) & 0xffff_ffffL;
      int flags = ram.load16(at + 12);
      if ((flags & INDIRECT) != 0) {
        walkIndirect(address, length, flags, inner);
        return;
      }
      chain.add(address, length, (flags & WRITE) != 0);
      if ((flags & NEXT) == 0) {
        return;
      }
      index = ram.load16(at + 14);
    }
  }

  /// §2.7.5.3.
  private void walkIndirect(long table, long length, int flags, boolean inner) {
    if (!indirect || inner || (flags & NEXT) != 0) {
      throw new VirtioFault("an indirect descriptor that was not agreed, is nested, or goes on");
    }
    long entries = length / DESCRIPTOR_BYTES;
    if (length % DESCRIPTOR_BYTES != 0 || entries == 0 || entries > 0xffff) {
      throw new VirtioFault("an indirect table of " + length + " bytes");
    }
    if (!ram.contains(table, length)) {
      throw new VirtioFault("an indirect table outside RAM: 0x%x".formatted(table));
    }
    walk(table, (int) entries, 0, true);
  }

  /// Gives a request back with as many bytes as were written into it.
  public void complete(DescriptorChain done) {
    long entry = used + 4 + 8L * (nextUsed & size - 1);
    ram.store32(entry, done.head());
    ram.store32(entry + 4, (int) done.written());
    nextUsed = nextUsed + 1 & 0xffff;
    VarHandle.releaseFence();
    ram.store16(used + 2, nextUsed);
  }

  /// Takes back the last [#take], whose chain the device cannot serve yet.
  public void putBack() {
    nextAvailable = nextAvailable - 1 & 0xffff;
  }

  /// Whether the driver wants an interrupt for what was completed since it was last asked (§2.7.7).
  boolean takeSignal() {
    if (!ready || signalled == nextUsed) {
      return false;
    }
    int before = signalled;
    signalled = nextUsed;
    VarHandle.fullFence();
    if (!eventIndex) {
      return (ram.load16(available) & AVAILABLE_NO_INTERRUPT) == 0;
    }
    int event = ram.load16(available + 4 + 2L * size);
    return ((nextUsed - event - 1) & 0xffff) < ((nextUsed - before) & 0xffff);
  }
}
