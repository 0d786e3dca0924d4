package brume.hypervisor.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a list that is sorted anew each time.
class DeadlinesTest {
  private record Expected(long time, int number) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void theEarliestIsFirstAndOfTwoTheOneMadeFirst(long seed) {
    Random random = new Random(seed);
    Deadlines<Integer> deadlines = new Deadlines<>();
    List<Deadlines.Entry<Integer>> entries = new ArrayList<>();
    for (int number = 0; number < 100; number++) {
      entries.add(new Deadlines.Entry<>(number, number));
    }
    deadlines.reserve(entries.size());
    List<Expected> expected = new ArrayList<>();
    for (int step = 0; step < 5_000; step++) {
      int number = random.nextInt(entries.size());
      Deadlines.Entry<Integer> entry = entries.get(number);
      if (random.nextInt(3) == 0) {
        Integer first = deadlines.poll();
        expected.sort(Comparator.comparingLong(Expected::time).thenComparingInt(Expected::number));
        assertThat(first)
            .as("seed %d step %d", seed, step)
            .isEqualTo(expected.isEmpty() ? null : expected.removeFirst().number());
      } else if (entry.isIn()) {
        deadlines.remove(entry);
        expected.removeIf(one -> one.number() == number);
      } else {
        long time = random.nextInt(20);
        deadlines.add(entry, time);
        expected.add(new Expected(time, number));
      }
      assertThat(deadlines.firstTime())
          .as("seed %d step %d", seed, step)
          .isEqualTo(expected.stream().mapToLong(Expected::time).min().orElse(Long.MAX_VALUE));
    }
  }

  @Test
  void nothingIsInTwice() {
    Deadlines<String> deadlines = new Deadlines<>();
    Deadlines.Entry<String> entry = new Deadlines.Entry<>("one", 1);
    deadlines.add(entry, 5);
    assertThatThrownBy(() -> deadlines.add(entry, 6)).isInstanceOf(IllegalStateException.class);
    deadlines.remove(entry);
    deadlines.remove(entry);
    assertThat(deadlines.isEmpty()).isTrue();
  }
}
