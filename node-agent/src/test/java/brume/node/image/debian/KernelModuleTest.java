package brume.node.image.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import brume.node.image.ImageException.ContentRefused;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KernelModuleTest {

  @Test
  void saysWhatItDependsOn() throws Exception {
    assertThat(KernelModule.parse("a", ElfObject.module("a", "b,c", 5)).depends())
        .containsExactly("b", "c");
    assertThat(KernelModule.parse("a", ElfObject.module("a", "", 5)).depends()).isEmpty();
  }

  @Test
  void strippingDropsWhatTheLoaderDoesNotNeed() throws Exception {
    byte[] module = ElfObject.module("a", "", 2000);
    byte[] stripped = KernelModule.parse("a", module).stripped();
    assertThat(module.length).isGreaterThan(60_000);
    assertThat(stripped.length).isLessThan(1_500);
    String text = new String(stripped, StandardCharsets.ISO_8859_1);
    assertThat(text)
        .contains("code of a", "depends=", "needed_function\0", "printk\0")
        .doesNotContain(".L", "Module signature appended");
  }

  /// The symbols that the three relocations name, before and after, by what identifies them.
  @Test
  void relocationsStillNameTheSameSymbols() throws Exception {
    byte[] module = ElfObject.module("a", "", 300);
    byte[] stripped = KernelModule.parse("a", module).stripped();
    assertThat(relocated(stripped))
        .isEqualTo("0:35 value 4 +0\n2:18 value 6 +8\n4:19 value 0 +0\n")
        .isEqualTo(relocated(module));
    assertThat(KernelModule.parse("a", stripped).stripped())
        .as("stripping what is stripped changes nothing")
        .isEqualTo(stripped);
  }

  @Test
  void theNumberOfLocalSymbolsIsSaidAnew() throws Exception {
    ByteBuffer stripped = elf(KernelModule.parse("a", ElfObject.module("a", "", 300)).stripped());
    int symtab = (int) stripped.getLong(40) + 5 * 64;
    assertThat(stripped.getInt(symtab + 44)).isEqualTo(3);
    assertThat(stripped.getLong(symtab + 32)).isEqualTo(4 * 24);
  }

  @Test
  void noDamageDoesMoreThanRefuseTheModule() {
    long seed = Long.getLong("brume.seed", 20260101L);
    Random random = new Random(seed);
    byte[] module = ElfObject.module("a", "b", 20);
    int refused = 0;
    for (int round = 0; round < 3000; round++) {
      byte[] damaged = module.clone();
      for (int i = 0; i <= random.nextInt(4); i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      if (random.nextInt(8) == 0) {
        damaged = java.util.Arrays.copyOf(damaged, random.nextInt(damaged.length));
      }
      try {
        KernelModule parsed = KernelModule.parse("a", damaged);
        parsed.depends();
        parsed.stripped();
      } catch (ContentRefused e) {
        refused++;
      } catch (RuntimeException | OutOfMemoryError e) {
        fail("seed " + seed + ", round " + round, e);
      }
    }
    assertThat(refused).as("seed " + seed).isGreaterThan(100);
  }

  @Test
  void anotherMachinesObjectIsRefused() {
    byte[] module = ElfObject.module("a", "", 5);
    module[18] = 62;
    assertThatThrownBy(() -> KernelModule.parse("virtio_net", module))
        .isInstanceOf(ContentRefused.class)
        .hasMessageContaining("virtio_net is not one for RV64");
  }

  private static String relocated(byte[] content) {
    ByteBuffer elf = elf(content);
    int headers = (int) elf.getLong(40);
    int rela = (int) elf.getLong(headers + 4 * 64 + 24);
    int symbols = (int) elf.getLong(headers + 5 * 64 + 24);
    StringBuilder text = new StringBuilder();
    for (int at = rela; at < rela + 3 * 24; at += 24) {
      int symbol = symbols + (int) (elf.getLong(at + 8) >>> 32) * 24;
      text.append(elf.getLong(at)).append(':').append(elf.getInt(at + 8)).append(" value ");
      text.append(elf.getLong(symbol + 8)).append(" +").append(elf.getLong(at + 16)).append('\n');
    }
    return text.toString();
  }

  private static ByteBuffer elf(byte[] content) {
    return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
  }
}
