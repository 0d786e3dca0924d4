package brume.hypervisor.machine;

import brume.hypervisor.machine.ShareQueue.Party;
import brume.hypervisor.machine.ShareQueue.Seat;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Runs the virtual processors of many machines on a few platform threads, in slices of about a
/// millisecond, by the shares of [ShareQueue]. A processor whose hart waits for an interrupt is
/// parked: it holds no thread and costs no processor time until its timer or a device wakes it.
/// Virtual threads would not do: a busy guest never blocks, so it would keep its carrier for ever.
///
/// The threads belong to all machines: nothing that one of them does or meets, running out of
/// memory included, ends a thread.
public final class VirtualProcessorScheduler implements AutoCloseable {
  static final long SLICE_NANOS = 1_500_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition sliceEnded = lock.newCondition();
  private final ShareQueue queue = new ShareQueue(SLICE_NANOS);
  private final ThreadMXBean threadTimes = ManagementFactory.getThreadMXBean();
  private final LongSupplier nanoTime;
  private final ThreadFactory closers;
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
    this(threadCount, System::nanoTime, Thread.ofPlatform()::unstarted);
  }

  /// @param closers makes the threads on which machines are closed
  VirtualProcessorScheduler(int threadCount, LongSupplier nanoTime, ThreadFactory closers) {
    this.closers = closers;
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

  /// A machine with its processors, suspended until [#resume].
  Party add(List<? extends ScheduledWork> processors, ProcessorShare share) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the scheduler is closed");
      }
      Party party = queue.add(share, nanoTime.getAsLong());
      processors.forEach(processor -> queue.add(party, processor));
      return party;
    } finally {
      lock.unlock();
    }
  }

  void setShare(Party party, ProcessorShare share) {
    lock.lock();
    try {
      queue.setShare(party, share, nanoTime.getAsLong());
    } finally {
      lock.unlock();
    }
  }

  /// The processor looks what there is to do.
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

  void wakeAll(Party party) {
    lock.lock();
    try {
      for (Seat seat : party.seats()) {
        if (queue.wake(seat)) {
          work.signal();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  void resume(Party party) {
    lock.lock();
    try {
      if (queue.resume(party)) {
        work.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Returns when none of the machine's processors runs any more, nor will until [#resume].
  void suspend(Party party) {
    lock.lock();
    try {
      queue.suspend(party);
      awaitRest(party);
    } finally {
      lock.unlock();
    }
  }

  /// Returns when none of the machine's processors runs any more, nor ever will.
  void stop(Party party) {
    lock.lock();
    try {
      queue.stop(party);
      awaitRest(party);
    } finally {
      lock.unlock();
    }
  }

  /// As [#stop] without waiting, for the machine's own threads.
  void abandon(Party party) {
    lock.lock();
    try {
      queue.stop(party);
    } finally {
      lock.unlock();
    }
  }

  /// Runs the end of a machine on a thread of its own. Throws where the host gives none.
  void closeElsewhere(String machine, Runnable task) {
    Thread thread = closers.newThread(task);
    thread.setName(machine + "-exit");
    thread.start();
  }

  private void awaitRest(Party party) {
    while (party.running() > 0) {
      sliceEnded.awaitUninterruptibly();
    }
  }

  long cpuNanos(Party party) {
    lock.lock();
    try {
      return party.cpuNanos();
    } finally {
      lock.unlock();
    }
  }

  long creditNanos(Party party) {
    lock.lock();
    try {
      return party.creditNanos(nanoTime.getAsLong());
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
          if (queue.hasReady() || leader == null) {
            work.signal();
          }
          runSlice(seat);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /// The caller looks again in its loop, whatever woke it, be it an interrupt that a listener of
  /// some machine left behind.
  @SuppressWarnings("WaitNotInLoop")
  private void awaitWork() {
    long deadline = queue.nextDeadline();
    if (leader != null && leaderDeadline <= deadline) {
      work.awaitUninterruptibly();
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
    } catch (InterruptedException strayed) {
      // Nobody interrupts these threads to end them.
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
    } catch (Throwable broken) {
      // Against its contract, so this seat is out; the thread goes on for the others.
      report(broken);
    } finally {
      cpu = threadTimes.getCurrentThreadCpuTime() - cpuBefore;
      lock.lock();
      queue.finish(seat, outcome, cpu, seat.work.takeBlockedNanos(), nanoTime.getAsLong());
      sliceEnded.signalAll();
    }
  }

  private static void report(Throwable broken) {
    Thread here = Thread.currentThread();
    try {
      here.getUncaughtExceptionHandler().uncaughtException(here, broken);
    } catch (Throwable unsaid) {
      // No memory even to say so.
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
