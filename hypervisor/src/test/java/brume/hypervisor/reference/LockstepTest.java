package brume.hypervisor.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import brume.hypervisor.cpu.Translator;
import brume.hypervisor.translator.DirectTranslator;
import brume.hypervisor.translator.TranslationKind;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Random programs on the hart and the reference: well-formed code of every kind in M, S and U
/// mode, with and without page tables, mixed with faults, self-modifying code, edits of page
/// tables, random words and interrupts.
///
/// `brume.test.seed` repeats a run and `brume.test.lockstep.episodes` makes it longer.
class LockstepTest {
  private static final long SEED = Long.getLong("brume.test.seed", 1L);
  private static final int EPISODES = Integer.getInteger("brume.test.lockstep.episodes", 1_500);
  private static final int STEPS = 400;

  @Test
  void randomProgramsAgree() {
    agree(null);
  }

  @ParameterizedTest
  @EnumSource
  void randomProgramsAgreeTranslated(TranslationKind kind) {
    assumeTrue(kind.isPossible(), "no translator for this processor");
    DirectTranslator translator = new DirectTranslator(0, kind);
    agree(translator);
    System.out.println("LockstepTest: " + translator.made().size() + " regions");
  }

  private static void agree(@Nullable Translator translator) {
    System.out.println("LockstepTest seed " + SEED + ", " + EPISODES + " episodes");
    SplittableRandom seeds = new SplittableRandom(SEED);
    try (Lockstep lockstep = new Lockstep(translator)) {
      for (int i = 0; i < EPISODES; i++) {
        long seed = EPISODES == 1 ? SEED : seeds.nextLong();
        String difference = lockstep.episode(seed, STEPS, Integer.MAX_VALUE);
        if (difference != null) {
          assertThat(difference + "\n\n" + lockstep.explain(seed, STEPS))
              .as("episode %d of seed %d", i, SEED)
              .isNull();
        }
      }
      System.out.println("LockstepTest: " + lockstep.undefined() + " episodes ended early");
      assertThat(lockstep.undefined()).isLessThanOrEqualTo(EPISODES / 4);
    }
  }
}
