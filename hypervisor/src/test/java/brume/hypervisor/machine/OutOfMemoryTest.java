package brume.hypervisor.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.hypervisor.cpu.Hart;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whatever one machine meets at whatever point, the threads that run all of them go on: after each
/// of these a good guest comes to its end on the scheduler's only thread.
@Timeout(60)
class OutOfMemoryTest {
  @TempDir Path folder;

  private final AtomicInteger closersRefused = new AtomicInteger();
  private final VirtualProcessorScheduler scheduler =
      new VirtualProcessorScheduler(
          1,
          System::nanoTime,
          task -> {
            if (closersRefused.getAndDecrement() > 0) {
              throw new OutOfMemoryError("unable to create native thread");
            }
            return Thread.ofPlatform().unstarted(task);
          });

  @AfterEach
  void close() {
    scheduler.close();
  }

  private MachineConfig.Builder guest(String name, Assembler program) {
    return MachineConfig.builder(
            name, new BootConfig.BareMetal(TestGuests.elf(folder.resolve(name), program)))
        .memoryBytes(4 << 20);
  }

  private MachineExit run(MachineConfig.Builder config) {
    try (VirtualMachine machine = VirtualMachine.create(config.build(), scheduler)) {
      machine.start();
      return machine.awaitExit();
    }
  }

  private void aGoodGuestRuns() {
    assertThat(run(guest("good", TestGuests.exit(new Assembler(), 3))))
        .isEqualTo(new MachineExit.PoweredOff(3));
  }

  private static HartRunner failing(Supplier<? extends Error> broken) {
    return new HartRunner() {
      @Override
      public long run(Hart hart, long budget) {
        throw broken.get();
      }

      @Override
      public boolean seesEachInstruction() {
        return false;
      }
    };
  }

  /// One about which nothing can be said for want of memory.
  private static final class Unspeakable extends Error {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new OutOfMemoryError("Java heap space");
    }
  }

  private MachineExit endOf(Supplier<? extends Error> broken) {
    return run(guest("broken", new Assembler().label("here").j("here")).runner(failing(broken)));
  }

  @Test
  void aSliceThatRunsOutOfMemoryEndsItsMachineWithTheReason() {
    assertThat(endOf(() -> new OutOfMemoryError("Java heap space")))
        .isEqualTo(
            new MachineExit.Failed(
                "the host's process ran out of memory under this machine: Java heap space"));
    aGoodGuestRuns();
  }

  @Test
  void aReasonThatCannotBePutIntoWordsStillEndsTheMachine() {
    assertThat(endOf(Unspeakable::new))
        .isEqualTo(
            new MachineExit.Failed("the host's process ran out of memory under this machine"));
    aGoodGuestRuns();
  }

  @Test
  void aMachineThatFindsNoThreadToBeClosedOnIsClosedLater() {
    closersRefused.set(5);
    assertThat(run(guest("end", TestGuests.exit(new Assembler(), 7))))
        .isEqualTo(new MachineExit.PoweredOff(7));
    assertThat(closersRefused.get()).isNegative();
    aGoodGuestRuns();
  }

  @Test
  void aFailureWithoutAThreadToBeClosedOnKeepsItsReason() {
    closersRefused.set(3);
    assertThat(endOf(() -> new StackOverflowError("deep")))
        .isInstanceOfSatisfying(
            MachineExit.Failed.class, failed -> assertThat(failed.reason()).contains("deep"));
    aGoodGuestRuns();
  }

  @Test
  void aHeldBackStopIsDoneWhenItIsAskedAgain() {
    VirtualMachine machine =
        VirtualMachine.create(
            guest("busy", new Assembler().label("here").j("here")).build(), scheduler);
    machine.start();
    closersRefused.set(1);
    assertThatThrownBy(machine::stop).isInstanceOf(OutOfMemoryError.class);
    machine.stop();
    assertThat(machine.awaitExit()).isEqualTo(new MachineExit.Stopped());
    aGoodGuestRuns();
  }

  /// Work that breaks its contract is out; so is an interrupt that a listener left on the thread.
  @Test
  void neitherAThrowingSliceNorAnInterruptEndsTheThread() throws InterruptedException {
    AtomicReference<Thread> thread = new AtomicReference<>();
    CountDownLatch thrown = new CountDownLatch(1);
    ShareQueue.Party party =
        scheduler.add(
            java.util.List.of(nanos -> {
              thread.set(Thread.currentThread());
              Thread.currentThread()
                  .setUncaughtExceptionHandler((on, broken) -> {
                    throw new OutOfMemoryError("Java heap space");
                  });
              Thread.currentThread().interrupt();
              thrown.countDown();
              throw new OutOfMemoryError("Java heap space");
            }),
            ProcessorShare.ofWeight(100));
    scheduler.resume(party);
    thrown.await();
    aGoodGuestRuns();
    assertThat(thread.get().isAlive()).isTrue();
    assertThat(party.seats().getFirst().state()).isEqualTo(ShareQueue.State.STOPPED);
  }
}
