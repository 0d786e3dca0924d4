package brume.bench.guests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A shell plays the engine and the guest.
class GuestRunTest {
  private static final String WORK = "i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; ";

  private static GuestRun.Outcome run(String script) throws IOException, InterruptedException {
    return GuestRun.of(List.of("sh", "-c", script));
  }

  @Test
  void readsWhatAGuestSaysAmongOtherLines() throws Exception {
    GuestRun.Outcome outcome =
        run(
            "echo '[ 0.1] kernel'; printf 'bench: up\\r\\n'; echo noise;"
                + "printf 'bench: sha256 220 f9d10d6d15706330 2500000000\\r\\n';"
                + "echo 'brume vm: 123456789 instructions, wall 1 s' >&2");

    assertThat(outcome.sum()).isEqualTo(0xf9d10d6d15706330L);
    assertThat(outcome.guestSeconds()).isEqualTo(2.5);
    assertThat(outcome.instructions()).isEqualTo(123456789);
    assertThat(outcome.upSeconds()).isPositive();
  }

  @Test
  void countsTheProcessorTimeOfTheChildAndItsChildrenOnly() throws Exception {
    GuestRun.Outcome idle = run("echo bench: up; echo bench: boot 1 0 1");
    GuestRun.Outcome busy = run("(" + WORK + "); echo bench: up; echo bench: boot 1 0 1");
    GuestRun.Outcome after = run("echo bench: up; " + WORK + "echo bench: boot 1 0 1");

    assertThat(busy.cpuSeconds()).isGreaterThan(idle.cpuSeconds());
    assertThat(after.cpuSeconds()).isGreaterThan(idle.cpuSeconds());
    assertThat(after.cpuAfterUpSeconds()).isBetween(0.0, after.cpuSeconds());
  }

  @Test
  void aGuestThatGivesNoSumIsAnErrorWithItsLastWords() {
    assertThatThrownBy(() -> run("echo bench: up; echo Kernel panic; exit 3"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("status 3")
        .hasMessageContaining("Kernel panic");
  }
}
