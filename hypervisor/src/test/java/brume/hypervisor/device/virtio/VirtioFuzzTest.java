package brume.hypervisor.device.virtio;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.memory.AccessFault;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Drivers that write nonsense: into the rings, into the registers, into the configuration.
/// Whatever they do, the device answers or is out of order; it never throws, hangs, or writes
/// outside what the driver offered. `-Dbrume.seed=N` repeats one run.
class VirtioFuzzTest {
  private static final int ROUNDS = 300, STEPS = 60;

  private static VirtioDevice device(String kind) {
    ConsolePort port = new ConsolePort("port", (bytes, offset, length) -> {}, () -> {});
    return switch (kind) {
      case "block" -> new VirtioBlock("disk", new MemoryStorage(64 * 1024), () -> 0);
      case "network" ->
          new VirtioNetwork(MacAddress.parse("52:54:00:00:00:01"), NetworkBackend.UNPLUGGED);
      case "console" -> new VirtioConsole(List.of(port, port));
      default -> new VirtioEntropy(RandomGenerator.of("L64X128MixRandom"));
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"block", "network", "console", "entropy"})
  void nonsenseNeverLeavesTheDevice(String kind) {
    long first = Long.getLong("brume.seed", System.nanoTime());
    int rounds = Long.getLong("brume.seed") == null ? ROUNDS : 1;
    for (long seed = first; seed < first + rounds; seed++) {
      long now = seed;
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> {
            try {
              round(kind, new Random(now));
            } catch (RuntimeException | Error broken) {
              throw new AssertionError("repeat with -Dbrume.seed=" + now, broken);
            }
          });
    }
  }

  private static void round(String kind, Random random) {
    VirtioDevice device = device(kind);
    try (TestDriver driver = new TestDriver(device)) {
      int[] queues = new int[device.queues()];
      for (int i = 0; i < queues.length; i++) {
        queues[i] = i;
      }
      driver.start(random.nextBoolean() ? VirtioMmio.INDIRECT : 0, queues);
      for (int step = 0; step < STEPS; step++) {
        int queue = queues[random.nextInt(queues.length)];
        switch (random.nextInt(8)) {
          case 0 -> register(driver, random);
          case 1 -> ring(driver, queue, random);
          case 2, 3 -> descriptors(driver, queue, random);
          case 4 -> request(driver, queue, random);
          case 5 -> driver.mmio.poll();
          case 6 -> driver.start(random.nextBoolean() ? VirtioMmio.INDIRECT : 0, queues);
          default -> driver.notifyDevice(queue);
        }
      }
      // It can always be brought back.
      driver.start(0, queues);
      assertThat(driver.status()).isEqualTo(15);
      assertThat(driver.mmio.fault()).isNull();
    }
  }

  private static void register(TestDriver driver, Random random) {
    long offset = random.nextInt(0x180) & (random.nextBoolean() ? -4 : -1);
    int bytes = random.nextInt(4) == 0 ? 1 << random.nextInt(4) : 4;
    long value = random.nextBoolean() ? random.nextInt(20) : random.nextLong();
    try {
      driver.mmio.store(offset, bytes, value);
      driver.mmio.load(offset, bytes);
    } catch (AccessFault notAnswered) {
      // The guest's own trap.
    }
  }

  private static void ring(TestDriver driver, int queue, Random random) {
    long at = TestDriver.availableRing(queue) + 2L * random.nextInt(TestDriver.SIZE + 3);
    driver.ram.store16(at, random.nextBoolean() ? random.nextInt(20) : random.nextInt());
  }

  private static void descriptors(TestDriver driver, int queue, Random random) {
    driver.descriptor(
        TestDriver.table(queue),
        random.nextInt(TestDriver.SIZE),
        address(random),
        random.nextInt(3) == 0 ? random.nextInt() : random.nextInt(2000),
        random.nextInt(8),
        random.nextInt(TestDriver.SIZE + 1));
  }

  private static long address(Random random) {
    return switch (random.nextInt(5)) {
      case 0 -> random.nextLong();
      case 1 -> TestDriver.table(random.nextInt(2)) + random.nextInt(0x3000);
      case 2 -> TestDriver.RAM + (8 << 20) - random.nextInt(64);
      default -> TestDriver.BUFFERS + random.nextInt(0x10000);
    };
  }

  /// A sound chain with random content: it reaches the code behind the checks.
  private static void request(TestDriver driver, int queue, Random random) {
    byte[] header = new byte[8 + random.nextInt(40)];
    random.nextBytes(header);
    if (random.nextBoolean()) {
      java.util.Arrays.fill(header, 1, header.length, (byte) 0);
      header[0] = (byte) random.nextInt(10);
      header[4] = (byte) random.nextInt(8);
      header[6] = (byte) random.nextInt(2);
    }
    long from = driver.buffer(header);
    long to = driver.buffer(1 + random.nextInt(1200));
    driver.offer(
        queue,
        TestDriver.readable(from, header.length),
        TestDriver.writable(to, 1 + random.nextInt(1200)));
    driver.notifyDevice(queue);
  }
}
