package brume.hypervisor.translator;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.cpu.Encoding;
import brume.hypervisor.cpu.RegionPlan;
import brume.hypervisor.cpu.TranslatedCode;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BackgroundTranslatorTest {
  private final BackgroundTranslator translator =
      new BackgroundTranslator(2, 1_000, false, RegionCompiler::compile);

  /// `addi x1, x1, step`, over and over.
  private static RegionPlan loop(int step) {
    return new RegionPlan(
        0,
        List.of(
            new RegionPlan.Operation(
                0, 4, step << 20 | 0x0000_8093, Encoding.ADDI, RegionPlan.NOWHERE, List.of()),
            new RegionPlan.Operation(4, 4, 0xffdf_f06f, Encoding.JAL, 0, List.of())),
        Set.of(),
        false);
  }

  private TranslatedCode translate(int step) {
    CompletableFuture<TranslatedCode> made = new CompletableFuture<>();
    translator.translate(loop(step), made::complete);
    return made.join();
  }

  @Test
  void whatIsMadeOnceIsSharedUntilOthersAreUsedMoreRecently() {
    TranslatedCode one = translate(1);
    TranslatedCode two = translate(2);
    assertThat(translate(1)).as("the same code is the same object").isSameAs(one);
    assertThat(translate(3)).isNotSameAs(two);
    assertThat(translate(1)).as("it was used after 2").isSameAs(one);
    assertThat(translate(2)).as("forgotten, and made again").isNotSameAs(two);
    TranslatorStatistics statistics = translator.statistics();
    assertThat(statistics.regions()).isEqualTo(4);
    assertThat(statistics.instructions()).isEqualTo(8);
    assertThat(statistics.shared()).isEqualTo(2);
    assertThat(statistics.evictions()).isEqualTo(2);
    assertThat(statistics.kept()).isEqualTo(2);
    assertThat(statistics.waiting()).isZero();
    assertThat(statistics.compileNanos()).isPositive();
  }

  @Test
  void whatCanNotBeMadeIsCountedAndTheNextOneIsMade() {
    RegionPlan bad = loop(1);
    BackgroundTranslator clumsy =
        new BackgroundTranslator(
            2,
            1_000,
            false,
            plan -> {
              if (plan.equals(bad)) {
                throw new IllegalStateException("too large, say");
              }
              return RegionCompiler.compile(plan);
            });
    CompletableFuture<TranslatedCode> never = new CompletableFuture<>();
    CompletableFuture<TranslatedCode> made = new CompletableFuture<>();
    assertThat(clumsy.translate(bad, never::complete)).isTrue();
    assertThat(clumsy.translate(loop(2), made::complete)).isTrue();
    assertThat(made.join()).isNotNull();
    assertThat(never).isNotDone();
    assertThat(clumsy.statistics().failures()).isEqualTo(1);
    assertThat(clumsy.statistics().regions()).isEqualTo(1);
  }

  @Test
  void whoComesToAFullQueueIsSentAwayAndMayComeAgain() {
    CompletableFuture<TranslatedCode> gate = new CompletableFuture<>();
    BackgroundTranslator busy = new BackgroundTranslator(2, 1_000, false, plan -> gate.join());
    int taken = 0;
    while (busy.translate(loop(taken), code -> {})) {
      taken++;
    }
    assertThat(taken).isGreaterThanOrEqualTo(busy.statistics().waiting()).isLessThan(5_000);
    gate.complete(RegionCompiler.compile(loop(1)));
    CompletableFuture<TranslatedCode> made = new CompletableFuture<>();
    int last = taken;
    while (!busy.translate(loop(last), made::complete)) {
      Thread.onSpinWait();
    }
    assertThat(made.join()).isNotNull();
  }
}
