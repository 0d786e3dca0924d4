package brume.hypervisor.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class ByteQueueTest {
  private static final long SEED = Long.getLong("brume.test.seed", 1L);

  @Test
  void givesWhatItTookInOrderAndTakesNoMoreThanItsCapacity() {
    System.out.println("ByteQueueTest seed " + SEED);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    for (int capacity : new int[] {1, 100, 256, 5_000}) {
      ByteQueue queue = new ByteQueue(capacity);
      ArrayDeque<Byte> expected = new ArrayDeque<>();
      byte[] bytes = new byte[700];
      for (int step = 0; step < 20_000; step++) {
        int count = random.nextInt(bytes.length + 1);
        switch (random.nextInt(step % 1_000 == 0 ? 4 : 3)) {
          case 0 -> {
            random.nextBytes(bytes);
            int taken = queue.add(bytes, 0, count);
            assertThat(taken).isEqualTo(Math.min(count, capacity - expected.size()));
            for (int i = 0; i < taken; i++) {
              expected.add(bytes[i]);
            }
          }
          case 1 -> {
            int given = queue.poll(bytes, 0, count);
            assertThat(given).isEqualTo(Math.min(count, expected.size()));
            for (int i = 0; i < given; i++) {
              assertThat(bytes[i]).isEqualTo(expected.remove());
            }
          }
          case 2 -> {
            int oldest = queue.poll();
            assertThat(oldest).isEqualTo(expected.isEmpty() ? -1 : expected.remove() & 0xff);
          }
          default -> {
            queue.clear();
            expected.clear();
          }
        }
        assertThat(queue.size()).isEqualTo(expected.size());
        assertThat(queue.isEmpty()).isEqualTo(expected.isEmpty());
      }
    }
  }
}
