package brume.billing.meter;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.Logs;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the meter makes of a log, as a table: `epoch STATE time` in, `epoch from-to` out, with `…`
/// where the run goes on in the next record and `open` where it has not ended.
class MeterPositionTest {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a start and its end             | 1 STARTING 10:00:00.5; 1 RUNNING 10:00:02.9; 1 STOPPING 10:00:12.1; 1 GONE 10:00:13   | 1 10:00:02-10:00:12
          not ended yet                   | 1 RUNNING 10:00:02.9                                                                 | 1 open 10:00:02
          what never ran costs nothing    | 1 STARTING 10:00:00; 1 FAILED 10:00:05                                               |
          running again says nothing new  | 1 RUNNING 10:00:00; 1 RUNNING 10:00:05; 1 RUNNING 10:00:06; 1 GONE 10:00:09          | 1 10:00:00-10:00:09
          shorter than a second           | 1 RUNNING 10:00:00.1; 1 GONE 10:00:00.9                                              | 1 10:00:00-10:00:00
          two starts in one second        | 1 RUNNING 10:00:00.1; 1 GONE 10:00:00.3; 2 RUNNING 10:00:00.5; 2 GONE 10:00:02        | 1 10:00:00-10:00:00, 2 10:00:00-10:00:02
          a migration that succeeds       | 1 RUNNING 10:00:00; 1 MIGRATING 10:00:05; 2 STARTING 10:00:06; 2 RUNNING 10:00:07.5; 1 GONE 10:00:09; 2 GONE 10:00:20 | 1 10:00:00-10:00:07…, 2 10:00:07-10:00:20
          a migration that is given up    | 1 RUNNING 10:00:00; 1 MIGRATING 10:00:05; 2 STARTING 10:00:06; 2 FAILED 10:00:07; 1 RUNNING 10:00:08; 1 GONE 10:00:20 | 1 10:00:00-10:00:20
          first heard of while it moves   | 1 MIGRATING 10:00:00; 2 RUNNING 10:00:03; 2 GONE 10:00:04                            | 1 10:00:00-10:00:03…, 2 10:00:03-10:00:04
          lost without a word             | 1 RUNNING 10:00:00; 2 STARTING 10:01:00; 2 RUNNING 10:01:05; 2 GONE 10:01:06         | 1 10:00:00-10:01:05, 2 10:01:05-10:01:06
          a lost node, its last heartbeat | 1 RUNNING 10:00:00; 1 FAILED 10:00:30.999; 2 RUNNING 10:00:50; 2 GONE 10:01:00       | 1 10:00:00-10:00:30, 2 10:00:50-10:01:00
          the old node comes back late    | 1 RUNNING 10:00:00; 1 FAILED 10:00:30; 2 RUNNING 10:00:50; 1 RUNNING 10:00:55; 1 GONE 10:00:56; 2 GONE 10:01:00 | 1 10:00:00-10:00:30, 2 10:00:50-10:01:00
          an ended epoch stays ended      | 1 RUNNING 10:00:00; 1 GONE 10:00:30; 1 RUNNING 10:00:31                              | 1 10:00:00-10:00:30
          a reboot in its epoch           | 1 RUNNING 10:00:00; 1 STOPPING 10:00:30; 1 STARTING 10:00:31; 1 RUNNING 10:00:33; 1 GONE 10:00:40 | 1 10:00:00-10:00:30, 1 10:00:33-10:00:40
          an end before its start         | 1 RUNNING 10:00:30; 1 GONE 10:00:10; 2 RUNNING 10:00:40                              | 1 10:00:30-10:00:30, 2 open 10:00:40
          a start before the last end     | 1 RUNNING 10:00:00; 1 GONE 10:00:30; 2 RUNNING 10:00:20; 2 GONE 10:00:50             | 1 10:00:00-10:00:30, 2 10:00:30-10:00:50
          a whole life before the last end| 1 RUNNING 10:00:00; 1 GONE 10:00:30; 2 RUNNING 10:00:10; 2 GONE 10:00:20             | 1 10:00:00-10:00:30, 2 10:00:30-10:00:30
          """)
  void aLogBecomesRecords(String title, String log, @Nullable String records) {
    assertThat(meter(Logs.parse(log))).isEqualTo(records == null ? "" : records);
  }

  @ParameterizedTest
  @CsvSource({"1, false", "2, false", "3, true"})
  void whatWasReadBeforeChangesNothing(long seq, boolean changes) {
    List<Transition> log =
        Logs.parse("1 RUNNING 10:00:00; 1 STOPPING 10:00:10; 1 RUNNING 10:00:20");
    MeterPosition position = MeterPosition.initial(Logs.RESOURCE, Meter.INSTANCE_SECONDS);
    position = position.next(log.get(0)).position();
    position = position.next(log.get(1)).position();
    MeterPosition.Step again = position.next(log.get((int) seq - 1));
    assertThat(!again.position().equals(position) || again.closed() != null).isEqualTo(changes);
  }

  private static String meter(List<Transition> log) {
    MeterPosition position = MeterPosition.initial(Logs.RESOURCE, Meter.INSTANCE_SECONDS);
    List<String> records = new ArrayList<>();
    for (Transition transition : log) {
      MeterPosition.Step step = position.next(transition);
      UsageRecord closed = step.closed();
      if (closed != null) {
        records.add(
            "%d %s-%s%s"
                .formatted(
                    closed.epoch(),
                    TIME.format(closed.startedAt()),
                    TIME.format(closed.endedAt()),
                    closed.endsRun() ? "" : "…"));
      }
      position = step.position();
    }
    OpenUsage open = position.open();
    if (open != null) {
      records.add("%d open %s".formatted(open.epoch(), TIME.format(open.startedAt())));
    }
    return String.join(", ", records);
  }
}
