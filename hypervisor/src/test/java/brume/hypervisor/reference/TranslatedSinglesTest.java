package brume.hypervisor.reference;

import static org.assertj.core.api.Assertions.assertThat;

import brume.hypervisor.translator.DirectTranslator;
import brume.hypervisor.translator.TranslationKind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Translated instructions on registers that hold no single: each sees a NaN (RISC-V unprivileged
/// §21.2), also the second one in a row, beside the same ones interpreted.
class TranslatedSinglesTest {
  private static final long CODE = Machine.BASE + 0x1000;
  private static final int TURNS = 10_000;

  @Test
  void everyUseOfAnUnboxedRegisterSeesANumberThatIsNone() {
    String plain = outcome(new HartMachine());
    assertThat(plain).startsWith("x6 7fffffff x11 7fffffff ");
    Arrays.stream(TranslationKind.values())
        .filter(TranslationKind::isPossible)
        .forEach(kind -> {
          String translated = outcome(new HartMachine(new DirectTranslator(0, kind)));
          assertThat(translated).as("%s", kind).isEqualTo(plain);
        });
  }

  private static String outcome(HartMachine machine) {
    try (machine) {
      Program loop = new Program(CODE);
      loop.add(Rv.op("feq.s", 5, 4, 17));
      loop.add(Rv.op("fcvt.w.s", 6, 17));
      loop.imm("addi", 7, 7, 1);
      loop.add(Rv.op("fsgnj.s", 9, 4, 18));
      loop.add(Rv.op("fcvt.w.s", 11, 18));
      machine.write(loop.imm("jal", 0, 0, -20));
      machine.setCsr(0x300, 0x6000);
      machine.setF(4, 0xffff_ffff_3f80_0000L);
      machine.setF(17, 0x10);
      machine.setF(18, 0x4000_0000);
      machine.setPc(CODE);
      machine.attempt(TURNS * 6);
      return "x6 %x x11 %x x5 %x f9 %x turns %d flags %x retired %d"
          .formatted(
              machine.x(6),
              machine.x(11),
              machine.x(5),
              machine.f(9),
              machine.x(7),
              machine.csr(1),
              machine.retired());
    }
  }
}
