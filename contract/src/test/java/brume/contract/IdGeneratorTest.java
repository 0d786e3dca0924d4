package brume.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class IdGeneratorTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
  private final InstantSource source = now::get;
  private final Clock clock = source.withZone(ZoneOffset.UTC);

  @Test
  void manyOfOneMillisecondAscend() {
    var ids = new IdGenerator(clock, new Random(1));
    List<String> made = Stream.generate(() -> ids.next("i-")).limit(50_000).toList();
    assertThat(made)
        .isSorted()
        .doesNotHaveDuplicates()
        .allMatch(id -> id.matches("i-[0-9a-f]{17}"));
  }

  @Test
  void theyAscendWhenTheClockIsSetBack() {
    var ids = new IdGenerator(clock, new Random(2));
    String before = ids.next("vol-");
    now.set(NOON.minus(Duration.ofHours(1)));
    String set = ids.next("vol-");
    now.set(NOON.plusMillis(1));
    String after = ids.next("vol-");
    assertThat(List.of(before, set, after)).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void theyBeginWithTheTime() {
    var ids = new IdGenerator(clock, new Random(3));
    String id = ids.next("ami-");
    assertThat(Long.parseLong(id.substring(4, 15), 16)).isEqualTo(NOON.toEpochMilli());
  }
}
