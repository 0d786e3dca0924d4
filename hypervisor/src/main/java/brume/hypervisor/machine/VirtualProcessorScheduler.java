package brume.hypervisor.machine;

import brume.hypervisor.machine.ShareQueue.Seat;
import brume.hypervisor.machine.ShareQueue.State;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Runs many machines on a few platform threads, in slices of about a millisecond, by the shares of
/// [ShareQueue]. A machine whose guest waits for an interrupt is parked: it holds no thread and
/// costs no processor time until its timer or a device wakes it. Virtual threads would not do: a
/// busy guest never blocks, so it would keep its carrier for ever.
public final class VirtualProcessorScheduler implements AutoCloseable {
  static final long SLICE_NANOS = 1_500_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition sliceEnded = lock.newCondition();
  private final ShareQueue queue = new ShareQueue(SLICE_NANOS);
  private final ThreadMXBean threadTimes = ManagementFactory.getThreadMXBean();
  private final LongSupplier nanoTime;
  private final List<Thread> threads = new ArrayList<>();

  /// The one thread that sleeps until the next deadline; the others sleep until called.
  private @Nullable Thread leader;

  private long leaderDeadline;

  private boolean closed;

  /// As many threads as the host has processors.
  public static VirtualProcessorScheduler ofProcessors() {
    return new VirtualProcessorScheduler(Runtime.getRuntime().availableProcessors());
  }

  public VirtualProcessorScheduler(int threadCount) {
    this(threadCount, System::nanoTime);
  }

  VirtualProcessorScheduler(int threadCount, LongSupplier nanoTime) {
    if (threadCount < 1 || threadCount > 1024) {
      throw new IllegalArgumentException("threads: " + threadCount + "; must be 1 to 1024");
    }
    this.nanoTime = nanoTime;
    for (int i = 0; i < threadCount; i++) {
      Thread thread =
          Thread.ofPlatform().daemon().name("virtual-processor-" + i).unstarted(this::runSlices);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  Seat add(ScheduledWork newWork, ProcessorShare share) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the scheduler is closed");
      }
      return queue.add(newWork, share, nanoTime.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  void setShare(Seat seat, ProcessorShare share) {
    lock.lock();
    try {
      queue.setShare(seat, share);
    } finally {
      lock.unlock();
    }
  }

  void wake(Seat seat) {
    lock.lock();
    try {
      if (queue.wake(seat)) {
        work.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  void resume(Seat seat) {
    lock.lock();
    try {
      if (queue.resume(seat)) {
        work.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Returns when the seat does not run any more, and will not until [#resume].
  void suspend(Seat seat) {
    lock.lock();
    try {
      queue.suspend(seat);
      while (seat.state() == State.RUNNING) {
        sliceEnded.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Returns when the seat does not run any more, and never will.
  void stop(Seat seat) {
    lock.lock();
    try {
      queue.stop(seat);
      while (seat.state() != State.STOPPED) {
        sliceEnded.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  long cpuNanos(Seat seat) {
    lock.lock();
    try {
      return seat.cpuNanos();
    } finally {
      lock.unlock();
    }
  }

  State state(Seat seat) {
    lock.lock();
    try {
      return seat.state();
    } finally {
      lock.unlock();
    }
  }

  private void runSlices() {
    lock.lock();
    try {
      while (!closed) {
        Seat seat = queue.take(nanoTime.getAsLong());
        if (seat == null) {
          awaitWork();
        } else {
          if (queue.readyCount() > 0 || leader == null) {
            work.signal();
          }
          runSlice(seat);
        }
      }
    } catch (InterruptedException closing) {
      // Only close() interrupts.
    } finally {
      lock.unlock();
    }
  }

  /// The caller looks again in its loop, whatever woke it.
  @SuppressWarnings("WaitNotInLoop")
  private void awaitWork() throws InterruptedException {
    long deadline = queue.nextDeadline();
    if (leader != null && leaderDeadline <= deadline) {
      work.await();
      return;
    }
    // A leader that sleeps for longer than this wakes later for nothing.
    leader = Thread.currentThread();
    leaderDeadline = deadline;
    try {
      if (deadline == Long.MAX_VALUE) {
        work.await();
      } else {
        work.awaitNanos(deadline - nanoTime.getAsLong());
      }
    } finally {
      if (leader == Thread.currentThread()) {
        leader = null;
      }
    }
  }

  private void runSlice(Seat seat) {
    lock.unlock();
    long cpuBefore = threadTimes.getCurrentThreadCpuTime();
    ScheduledWork.Outcome outcome = ScheduledWork.FINISHED;
    long cpu;
    try {
      outcome = seat.work.runSlice(SLICE_NANOS);
    } finally {
      cpu = threadTimes.getCurrentThreadCpuTime() - cpuBefore;
      lock.lock();
      queue.finish(seat, outcome, cpu, seat.work.takeBlockedNanos(), nanoTime.getAsLong());
      sliceEnded.signalAll();
    }
  }

  /// Ends the threads after their slices. Machines still here do not run any more.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive() && thread != Thread.currentThread()) {
        try {
          thread.join();
        } catch (InterruptedException again) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
