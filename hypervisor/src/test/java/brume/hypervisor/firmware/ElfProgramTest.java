package brume.hypervisor.firmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.hypervisor.machine.TestGuests;
import brume.hypervisor.memory.GuestRam;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElfProgramTest {
  @TempDir Path folder;
  private final GuestRam ram = GuestRam.allocate(TestGuests.RAM, 1 << 20);
  private final byte[] good = TestGuests.elfBytes(new byte[] {1, 2, 3, 4});

  @AfterEach
  void close() {
    ram.close();
  }

  private ElfProgram load(byte[] content) {
    return ElfProgram.load(TestGuests.write(folder.resolve("program"), content), ram);
  }

  @Test
  void segmentsAndSymbols() {
    ElfProgram program = load(good);
    assertThat(program)
        .isEqualTo(new ElfProgram(TestGuests.RAM, TestGuests.TO_HOST, TestGuests.FROM_HOST, null));
    assertThat(ram.load32(TestGuests.RAM)).isEqualTo(0x04030201);
  }

  @Test
  void theHeaderBeforeTheTextIsLeftOut() {
    byte[] shifted = good.clone();
    ByteBuffer file = ByteBuffer.wrap(shifted).order(ByteOrder.LITTLE_ENDIAN);
    // The segment is the whole file from its first byte, with the code at the start of RAM.
    file.putLong(72, 0).putLong(88, TestGuests.RAM - 120).putLong(96, 124).putLong(104, 0x2000);
    load(shifted);
    assertThat(ram.load32(TestGuests.RAM)).isEqualTo(0x04030201);
  }

  /// One field of the file set to a value it must not have: offset, width, value.
  @ParameterizedTest
  @CsvSource({
    "0, 1, 0, not an ELF file",
    "4, 1, 1, not a 64-bit little-endian RISC-V program",
    "18, 2, 62, not a 64-bit little-endian RISC-V program",
    "16, 2, 1, not an executable",
    "54, 2, 32, program headers of an unknown size",
    "56, 2, 0, has nothing to load",
    "32, 8, 0x7fffffffffffff00, cut off",
    "32, 8, -1, cut off",
    "88, 8, 0x1000, wants 8192 bytes at 0x1000",
    "88, 8, 0x800ff000, wants 8192 bytes",
    "96, 8, 0x2000, cut off",
    "96, 8, -1, wants",
    "104, 8, 2, wants 2 bytes",
    "104, 8, 0x7fffffffffffffff, wants",
    "72, 8, -1, cut off",
    "58, 2, 63, broken section headers",
    "40, 8, -64, cut off",
  })
  void filesThatAreBroken(int offset, int bytes, String value, String message) {
    byte[] bad = good.clone();
    long number = Long.decode(value);
    for (int i = 0; i < bytes; i++) {
      bad[offset + i] = (byte) (number >> (8 * i));
    }
    assertThatThrownBy(() -> load(bad))
        .isInstanceOfSatisfying(
            BootFailure.class, refused -> assertThat(refused.part()).isEqualTo("elf"))
        .hasMessageContaining(message);
  }

  @Test
  void symbolsOutsideRamAreRefused() {
    byte[] bad = good.clone();
    ByteBuffer file = ByteBuffer.wrap(bad).order(ByteOrder.LITTLE_ENDIAN);
    // The value of the first symbol, which lies behind the code at 120 and the empty symbol.
    file.putLong(128 + 24 + 8, 0x1234);
    assertThatThrownBy(() -> load(bad)).hasMessageContaining("tohost or fromhost outside RAM");
  }

  /// Cut anywhere, or with random bytes in it, a file is loaded or refused; nothing else.
  @Test
  void noFileDoesHarm() {
    long seed = Long.getLong("brume.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      byte[] bad = Arrays.copyOf(good, random.nextInt(good.length + 1));
      for (int i = random.nextInt(4); i > 0 && bad.length > 0; i--) {
        bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      }
      try {
        load(bad);
      } catch (BootFailure refused) {
        assertThat(refused.part()).as("seed %d, round %d", seed, round).isEqualTo("elf");
      }
    }
  }
}
