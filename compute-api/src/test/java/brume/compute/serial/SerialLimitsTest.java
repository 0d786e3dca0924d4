package brume.compute.serial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// How many consoles there may be, and how fast one may be typed into.
final class SerialLimitsTest {
  @Test
  void placesAreCountedByInstanceAndByAccountAndComeBack() {
    SerialPlaces places = new SerialPlaces();
    for (int n = 0; n < 32; n++) {
      assertThat(places.take("1", "i-" + n / 4)).isNull();
    }
    assertThat(places.take("1", "i-0")).contains("4 serial consoles of i-0");
    assertThat(places.take("1", "i-9")).contains("32 serial consoles of this account");
    assertThat(places.take("2", "i-9")).isNull();
    places.give("1", "i-0");
    assertThat(places.take("1", "i-9")).isNull();
    for (int n = 33; n < 500; n++) {
      assertThat(places.take("a-" + n, "i-" + n)).isNull();
    }
    assertThat(places.take("3", "i-new")).contains("the cloud has too many");
  }

  @Test
  void aSecondsWorthIsFreeAndTheRestWaits() {
    AtomicLong now = new AtomicLong(5);
    InputPace pace = new InputPace(now::get);
    assertThat(pace.take(16 * 1024)).isZero();
    assertThat(pace.take(8 * 1024)).isEqualTo(500_000_000);
    now.addAndGet(500_000_000);
    assertThat(pace.take(8 * 1024)).isEqualTo(500_000_000);
    now.addAndGet(60_000_000_000L);
    assertThat(pace.take(16 * 1024)).isZero();
    assertThat(pace.take(16)).isEqualTo(16_000_000_000L / 16_384);
  }
}
