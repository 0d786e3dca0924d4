package brume.hypervisor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class CodePageTest {
  private static final long SEED = Long.getLong("brume.test.seed", 1L);

  @Test
  void whatWasEnteredIsFoundAtItsOffsetAndNothingElse() {
    System.out.println("CodePageTest seed " + SEED);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    for (int round = 0; round < 200; round++) {
      CodePage page = new CodePage(7);
      Map<Integer, Instruction> expected = new HashMap<>();
      int count = 1 << random.nextInt(12);
      for (int i = 0; i < count; i++) {
        Instruction instruction = new SystemInstructions.Illegal(i);
        instruction.offset = (short) (2 * random.nextInt(CodePage.BYTES / 2));
        instruction.length = 2;
        page.put(instruction);
        expected.put((int) instruction.offset, instruction);
      }
      for (int offset = 0; offset < CodePage.BYTES; offset += 2) {
        assertThat(page.at(offset)).isSameAs(expected.get(offset));
      }
      page.clear();
      expected.keySet().forEach(offset -> assertThat(page.at(offset)).isNull());
    }
  }
}
