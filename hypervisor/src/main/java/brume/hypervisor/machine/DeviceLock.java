package brume.hypervisor.machine;

import brume.hypervisor.memory.MmioDevice;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// The one lock of a machine's devices: harts in parallel reach them one at a time. Who holds it
/// waits for no hart. Time spent waiting for it is counted, as it holds up a thread that other
/// machines could use.
final class DeviceLock {
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicLong waitedNanos = new AtomicLong();
  private final LongSupplier nanoTime;

  DeviceLock(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  void lock() {
    if (!lock.tryLock()) {
      long began = nanoTime.getAsLong();
      lock.lock();
      waitedNanos.addAndGet(nanoTime.getAsLong() - began);
    }
  }

  boolean tryLock() {
    return lock.tryLock();
  }

  void unlock() {
    lock.unlock();
  }

  void run(Runnable action) {
    lock();
    try {
      action.run();
    } finally {
      unlock();
    }
  }

  /// Since this was last asked.
  long takeWaitedNanos() {
    return waitedNanos.getAndSet(0);
  }

  MmioDevice guard(MmioDevice device) {
    return new MmioDevice() {
      @Override
      public long load(long offset, int bytes) {
        lock();
        try {
          return device.load(offset, bytes);
        } finally {
          unlock();
        }
      }

      @Override
      public void store(long offset, int bytes, long value) {
        lock();
        try {
          device.store(offset, bytes, value);
        } finally {
          unlock();
        }
      }
    };
  }
}
