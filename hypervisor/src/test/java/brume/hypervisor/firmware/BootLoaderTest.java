package brume.hypervisor.firmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.hypervisor.firmware.VirtTree.Region;
import brume.hypervisor.memory.GuestRam;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BootLoaderTest {
  private static final long RAM = 0x8000_0000L;

  @TempDir Path folder;
  private final GuestRam ram = GuestRam.allocate(RAM, 16 << 20);
  private @Nullable Region initrd;

  @AfterEach
  void close() {
    ram.close();
  }

  private Path kernel(long textOffset, long imageSize, int fileSize) throws IOException {
    ByteBuffer image = ByteBuffer.allocate(fileSize).order(ByteOrder.LITTLE_ENDIAN);
    image.putInt(0, 0x6f).putLong(8, textOffset).putLong(16, imageSize);
    image.putLong(48, 0x0000_0056_4353_4952L).putInt(56, 0x0543_5352);
    image.put(fileSize - 1, (byte) 0x77);
    return Files.write(folder.resolve("kernel"), image.array());
  }

  private byte[] tree(@Nullable Region region) {
    initrd = region;
    return new byte[] {1, 2, 3};
  }

  @Test
  void aKernelInitrdAndTreeHaveTheirPlaces() throws IOException {
    Path disk = Files.write(folder.resolve("initrd"), new byte[5000]);
    BootLoader.Start start =
        BootLoader.kernel(ram, kernel(0x20_0000, 0x30_0000, 4096), disk, this::tree);
    assertThat(start.entry()).isEqualTo(RAM + 0x20_0000);
    assertThat(ram.load8(start.entry() + 4095)).isEqualTo(0x77);
    assertThat(start.deviceTree()).isEqualTo(RAM + (16 << 20) - 65536);
    assertThat(ram.load8(start.deviceTree() + 2)).isEqualTo(3);
    assertThat(initrd).isNotNull();
    assertThat(initrd.bytes()).isEqualTo(5000);
    assertThat(initrd.start() % 4096).isZero();
    assertThat(initrd.end()).isLessThanOrEqualTo(start.deviceTree());
    assertThat(initrd.start()).isGreaterThanOrEqualTo(start.entry() + 0x30_0000);
  }

  @Test
  void firmwareIsToldOfTheKernelBehindIt() throws IOException {
    Path firmware = Files.write(folder.resolve("fw"), new byte[] {0x13, 0, 0, 0});
    BootLoader.Start start =
        BootLoader.firmware(ram, firmware, kernel(0x20_0000, 4096, 4096), null, this::tree);
    assertThat(start.entry()).isEqualTo(RAM);
    assertThat(ram.load8(RAM)).isEqualTo(0x13);
    assertThat(ram.load64(start.dynamicInfo())).as("OSBI").isEqualTo(0x4942534f);
    assertThat(ram.load64(start.dynamicInfo() + 16)).as("next").isEqualTo(RAM + 0x20_0000);
    assertThat(ram.load64(start.dynamicInfo() + 24)).as("S-mode").isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "0x200000, 0xe01000, 4096, memory, MiB are too few",
    "0x200000, 0xdf8000, 4096, memory, no room for the device tree",
    "-1, 0x100000, 4096, kernel, impossible sizes",
    "0x7fffffffffffffff, 0x100000, 4096, kernel, impossible sizes",
    "0x200000, -5, 4096, kernel, impossible sizes",
  })
  void kernelsThatDoNotFit(
      String textOffset, String imageSize, int fileSize, String part, String message)
      throws IOException {
    Path file = kernel(Long.decode(textOffset), Long.decode(imageSize), fileSize);
    refused(() -> BootLoader.kernel(ram, file, null, this::tree), part, message);
  }

  @Test
  void filesThatAreNoKernel() throws IOException {
    byte[] page = new byte[4096];
    notAKernel(page, "not a riscv64 kernel Image");
    notAKernel(new byte[10], "header of 64");
    notAKernel("\u007fELF".getBytes(StandardCharsets.US_ASCII), "header of 64");
    notAKernel(filled(0, 0x7f, 'E', 'L', 'F'), "is an ELF file; give the flat Image");
    notAKernel(filled(0, 0x1f, 0x8b, 8, 0), "unpack it with gunzip");
    notAKernel(filled(56, 'A', 'R', 'M', 0x64), "arm64");
    refused(
        () -> BootLoader.kernel(ram, folder.resolve("none"), null, this::tree),
        "kernel",
        "is not a file");
  }

  private static byte[] filled(int at, int... bytes) {
    byte[] page = new byte[4096];
    for (int i = 0; i < bytes.length; i++) {
      page[at + i] = (byte) bytes[i];
    }
    return page;
  }

  private void notAKernel(byte[] content, String message) throws IOException {
    Path file = Files.write(folder.resolve("bad"), content);
    refused(() -> BootLoader.kernel(ram, file, null, this::tree), "kernel", message);
  }

  @Test
  void initrdsAndFirmwareThatCannotBe() throws IOException {
    Path good = kernel(0x20_0000, 4096, 4096);
    Path empty = Files.write(folder.resolve("empty"), new byte[0]);
    Path big = Files.write(folder.resolve("big"), new byte[15 << 20]);
    Path elf = Files.write(folder.resolve("elf"), filled(0, 0x7f, 'E', 'L', 'F'));
    refused(() -> BootLoader.kernel(ram, good, empty, this::tree), "initrd", "is empty");
    refused(() -> BootLoader.kernel(ram, good, big, this::tree), "memory", "do not fit");
    refused(() -> BootLoader.firmware(ram, empty, null, null, this::tree), "firmware", "0 bytes");
    refused(() -> BootLoader.firmware(ram, elf, null, null, this::tree), "firmware", "--elf");
  }

  @Test
  void aTreeThatIsTooLongIsRefused() throws IOException {
    Path good = kernel(0x20_0000, 4096, 4096);
    refused(
        () -> BootLoader.kernel(ram, good, null, region -> new byte[65536]), "append", "too long");
  }

  private static void refused(Runnable load, String part, String message) {
    assertThatThrownBy(load::run)
        .isInstanceOfSatisfying(
            BootFailure.class,
            failure -> {
              assertThat(failure.part()).isEqualTo(part);
              assertThat(failure).hasMessageContaining(message);
            });
  }
}
