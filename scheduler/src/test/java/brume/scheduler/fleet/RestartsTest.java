package brume.scheduler.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import brume.contract.EndCause;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestartsTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "2, 2",
    "3, 4",
    "4, 8",
    "5, 16",
    "6, 32",
    "7, 60",
    "8, 60",
    "9999, 60",
    "0, 1"
  })
  void waitsTwiceAsLongEachTime(int failures, int seconds) {
    assertThat(Restarts.delay(failures)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void saysWhenAndWhy() {
    assertThat(Restarts.reason(Duration.ofSeconds(4), EndCause.NODE_LOST, null))
        .isEqualTo("starts again in 4 s: its node was lost");
    assertThat(Restarts.reason(Duration.ofSeconds(1), EndCause.NODE_REFUSED, "no memory: 512 MiB"))
        .isEqualTo("starts again in 1 s: no memory: 512 MiB");
  }
}
