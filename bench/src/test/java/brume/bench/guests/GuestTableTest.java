package brume.bench.guests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What is printed follows from what was measured.
class GuestTableTest {
  private final Engine brume = new Engine.Brume("on", List.of());
  private final Engine older = new Engine.Qemu("qemu-a", "7.2");
  private final Engine newer = new Engine.Qemu("qemu-b", "10.0");

  /// One second to boot and a tenth to end; what is left of the processor seconds is the program.
  private static Figures runs(double... cpuSeconds) {
    Figures figures = new Figures();
    for (double cpu : cpuSeconds) {
      figures.add(new GuestRun.Outcome(cpu, 1, 0.9, 0, 0, 0), true);
    }
    return figures;
  }

  private static Figures wrong() {
    Figures figures = new Figures();
    figures.add(new GuestRun.Outcome(0.5, 0.4, 0.4, 0, 0, 0), false);
    return figures;
  }

  private GuestTable table() {
    return new GuestTable(
        List.of(brume, older, newer),
        Map.of(brume, runs(1.1), older, runs(1.1), newer, runs(1.1)),
        3,
        false);
  }

  private static String text(GuestTable table) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    table.print(new PrintStream(out, false, StandardCharsets.UTF_8));
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theMedianIsHeldAgainstTheBetterQemuAndTheMeanAgainstTheAim() {
    GuestTable table = table();
    // Net: 1 s; 4 s and 2 s, so 2.
    table.add(
        GuestProgram.FIB, Map.of(brume, runs(9.9, 2.1, 1.5), older, runs(5.1), newer, runs(3.1)));
    // Net: 2 s; 1 s and 3 s, so 0.5.
    table.add(GuestProgram.SORT, Map.of(brume, runs(3.1), older, runs(2.1), newer, runs(4.1)));

    assertThat(text(table))
        .containsPattern("fib +2.10 +1.00 +400% +5.10 +4.00 +0% +3.10 +2.00 +0% +1.48 +2.00\n")
        .containsPattern("sort +3.10 +2.00 +0% .* 0.68 +0.50\n")
        .contains("geometric mean: 1.00 whole, 1.00 net; at least 1.3, aim 2.0: MISSED")
        .contains("up after 0.90 s; at most 2.5, aim 1.3: aim reached");
    assertThat(table.failed()).isFalse();
  }

  @Test
  void aWrongSumIsShownAndNotCounted() {
    GuestTable table = table();
    table.add(GuestProgram.FIB, Map.of(brume, wrong(), older, runs(3.1), newer, runs(3.1)));
    table.add(GuestProgram.SORT, Map.of(brume, runs(2.1), older, runs(3.1), newer, wrong()));

    assertThat(text(table))
        .containsPattern("fib +FAILED")
        .contains("geometric mean: 1.48 whole, 2.00 net; at least 1.3, aim 2.0: least reached");
    assertThat(table.failed()).isTrue();
  }

  @Test
  void withoutAQemuThereIsNoRatio() {
    GuestTable table = new GuestTable(List.of(brume), Map.of(brume, runs(1.1)), 1, true);
    table.add(GuestProgram.FIB, Map.of(brume, runs(2.1)));

    assertThat(text(table))
        .contains("QUICK")
        .containsPattern("fib +2.10 +1.00 +0% +- +-\n")
        .doesNotContain("geometric");
  }
}
